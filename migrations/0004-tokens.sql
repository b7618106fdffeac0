-- API tokens: what they may do, until when, and what is known of their use. Rows are never deleted: "why did my job
-- stop?" has an answer.

create table tokens (
  -- The public part of the token, by which people and logs speak of it.
  id text primary key check (id ~ '^[0-9A-Za-z]{12}$'),
  account_id uuid not null references accounts (id),
  name text not null check (char_length(name) between 1 and 80),
  description text not null default '' check (char_length(description) <= 500),
  grants text[] not null check (cardinality(grants) between 1 and 100),
  -- The one token that XDMoD's or Dataverse's own endpoints make, recreate and delete.
  slot text check (slot in ('xdmod', 'dataverse')),
  -- HMAC-SHA-256 of the whole token under the pepper of that number (src/tokens/peppers.ts).
  secret_hash bytea not null check (octet_length(secret_hash) = 32),
  pepper integer not null,
  created_at timestamptz(3) not null,
  not_before timestamptz(3),
  expires_at timestamptz(3) not null,
  -- Rotated: works no longer than this, whatever its expiry. The successor names it as its predecessor.
  closes_at timestamptz(3),
  revoked_at timestamptz(3),
  revoked_reason text,
  predecessor_id text references tokens (id),
  -- Who made it: null when it was made at the command line; and the token that was shown, if it was one.
  issued_by uuid references accounts (id),
  issued_with text references tokens (id),
  check (expires_at > created_at),
  check ((revoked_at is null) = (revoked_reason is null))
);

create index tokens_account_id on tokens (account_id, created_at desc, id desc);
create index tokens_created_at on tokens (created_at desc, id desc);
create index tokens_expires_at on tokens (expires_at) where revoked_at is null;
create index tokens_predecessor_id on tokens (predecessor_id) where predecessor_id is not null;
create index tokens_issued_with on tokens (issued_with) where issued_with is not null;
create unique index tokens_slot on tokens (account_id, slot)
  where slot is not null and revoked_at is null and closes_at is null;

-- Written behind the requests, in batches, so apart from what revocation locks. No foreign keys: a count must never fail.
create table token_last_uses (
  token_id text primary key,
  at timestamptz(3) not null,
  address text,
  client text
);

create table token_days (
  token_id text not null,
  day date not null,
  uses bigint not null,
  primary key (token_id, day)
);

-- Which notices of expiry have gone out: each once.
create table token_notices (
  token_id text not null references tokens (id),
  days integer not null,
  sent_at timestamptz(3) not null,
  primary key (token_id, days)
);

-- The secret address of an account's calendar of expiry dates.
create table token_feeds (
  account_id uuid primary key references accounts (id),
  id text not null unique check (id ~ '^[0-9A-Za-z]{12}$'),
  secret_hash bytea not null check (octet_length(secret_hash) = 32),
  pepper integer not null,
  created_at timestamptz(3) not null
);
