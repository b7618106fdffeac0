-- People, service accounts, their sessions, and what guards the sign-in.

create table accounts (
  id uuid primary key default uuidv7(),
  -- ASCII, kept as typed (row filters compare it with names in logs), unique without regard to case.
  user_name text not null check (user_name ~ '^[A-Za-z0-9][A-Za-z0-9._@+-]{0,63}$'),
  kind text not null check (kind in ('person', 'service')),
  role text not null check (role in ('viewer', 'member', 'manager', 'admin')),
  state text not null default 'active' check (state in ('active', 'disabled')),
  display_name text not null,
  first_name text,
  last_name text,
  email text,
  -- The person who answers for a service account.
  owner_id uuid references accounts (id),
  -- A PHC string (argon2id). Null: nobody has set one yet, or the account signs in another way.
  password_hash text,
  password_changed_at timestamptz(3),
  last_signed_in_at timestamptz(3),
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  disabled_at timestamptz(3),
  check ((kind = 'service') = (owner_id is not null)),
  check (kind = 'person' or password_hash is null),
  check ((state = 'disabled') = (disabled_at is not null))
);

create unique index accounts_user_name on accounts (lower(user_name));
create index accounts_owner_id on accounts (owner_id) where owner_id is not null;

create table sessions (
  id uuid primary key default uuidv7(),
  account_id uuid not null references accounts (id) on delete cascade,
  -- SHA-256 of the cookie; 256 random bits need no slow hash.
  secret_hash bytea not null unique check (octet_length(secret_hash) = 32),
  created_at timestamptz(3) not null,
  -- When the person last proved who they are.
  authenticated_at timestamptz(3) not null,
  -- Moved at most once a minute.
  last_seen_at timestamptz(3) not null,
  expires_at timestamptz(3) not null,
  address text,
  client text
);

create index sessions_account_id on sessions (account_id);
create index sessions_expires_at on sessions (expires_at);

-- One-time links to set a password: an invitation or a reset. One for each account; used or replaced means gone.
create table password_links (
  account_id uuid primary key references accounts (id) on delete cascade,
  secret_hash bytea not null unique check (octet_length(secret_hash) = 32),
  purpose text not null check (purpose in ('invitation', 'reset')),
  created_at timestamptz(3) not null,
  expires_at timestamptz(3) not null
);

-- Attempts to sign in, counted by what they come from and aim at. The key is a hash: typed names may be passwords.
create table sign_in_throttles (
  key bytea primary key check (octet_length(key) = 32),
  attempts integer not null,
  last_attempt_at timestamptz(3) not null,
  blocked_until timestamptz(3)
);

create index sign_in_throttles_last_attempt_at on sign_in_throttles (last_attempt_at);

-- Addresses and browsers from which an account has signed in: attacks from elsewhere don't slow these down.
create table known_sources (
  account_id uuid not null references accounts (id) on delete cascade,
  source bytea not null check (octet_length(source) = 32),
  last_used_at timestamptz(3) not null,
  primary key (account_id, source)
);
