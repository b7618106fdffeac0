-- Subscriptions, what each of their runs made, and who got it.

create table subscriptions (
  id text primary key check (id ~ '^[a-z0-9][a-z0-9-]{0,63}$'),
  name text not null,
  report_id text not null,
  -- It runs with this account's rights.
  owner_id uuid not null references accounts (id),
  -- As it was asked for, with defaults filled in.
  definition jsonb not null,
  state text not null default 'active' check (state in ('active', 'paused', 'completed', 'archived')),
  -- Why, where nobody asked for the state.
  state_reason text,
  state_changed_at timestamptz(3) not null,
  -- Counts up with every change.
  version integer not null default 1,
  -- What was delivered last, so that the next run can tell whether anything changed: a tag, and values of number blocks.
  last_etag text,
  last_values jsonb not null default '{}',
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null
);

create index subscriptions_by_owner on subscriptions (owner_id);

create table subscription_webhooks (
  subscription_id text not null references subscriptions on delete cascade,
  id text not null,
  -- Sealed: with it anybody could speak in our name.
  secret text not null,
  created_at timestamptz(3) not null,
  primary key (subscription_id, id)
);

-- Who has left. Only the recipient makes such a row, and nobody but the recipient can take it away.
create table unsubscribes (
  subscription_id text not null references subscriptions on delete cascade,
  recipient text not null,
  at timestamptz(3) not null,
  primary key (subscription_id, recipient)
);

-- Behind the unsubscribe links of mails. The link itself is nowhere; this is its SHA-256.
create table leave_links (
  hash bytea primary key check (octet_length(hash) = 32),
  subscription_id text not null references subscriptions on delete cascade,
  recipient text not null,
  created_at timestamptz(3) not null
);

create index leave_links_by_subscription on leave_links (subscription_id);

-- A report as a run made it: one for everybody, or in a burst one for each set of values.
create table delivery_slices (
  run_id uuid not null references runs on delete cascade,
  slice integer not null,
  -- The values, for people; null: the whole report.
  label text,
  rows integer not null,
  subject text not null,
  -- The message above the report.
  body text not null,
  primary key (run_id, slice)
);

create table delivery_files (
  id uuid primary key,
  run_id uuid not null,
  slice integer not null,
  -- `view`: the report as HTML, for the inbox.
  format text not null check (format in ('pdf', 'xlsx', 'csv', 'png', 'view')),
  name text not null,
  media_type text not null,
  -- Names the content in the content store.
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  bytes bigint not null,
  created_at timestamptz(3) not null,
  expires_at timestamptz(3) not null,
  -- Since then it may be collected, and is no longer given out.
  expired boolean not null default false,
  foreign key (run_id, slice) references delivery_slices on delete cascade
);

create index delivery_files_by_slice on delivery_files (run_id, slice);
create index delivery_files_by_content on delivery_files (sha256) where not expired;
create index delivery_files_by_expiry on delivery_files (expires_at) where not expired;

-- One row for each recipient and destination of a run, written before anything is sent: no restart sends twice.
create table deliveries (
  id uuid primary key default uuidv7(),
  run_id uuid not null references runs on delete cascade,
  subscription_id text not null,
  recipient text not null,
  name text not null,
  account_id uuid,
  address text,
  -- `mail`, `inbox`, `webhook:…`, `folder:…`.
  destination text not null,
  slice integer not null,
  slice_label text,
  state text not null default 'pending'
    check (state in ('pending', 'sending', 'delivered', 'failed', 'unconfirmed', 'skipped', 'cancelled', 'unsubscribed')),
  -- Why, in our words.
  reason text,
  attempts integer not null default 0,
  -- Known and written before the mail leaves.
  message_id text,
  next_try_at timestamptz(3),
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  delivered_at timestamptz(3),
  read_at timestamptz(3),
  unique (run_id, recipient, destination)
);

create index deliveries_unfinished on deliveries (run_id) where state in ('pending', 'sending');
create index deliveries_inbox on deliveries (account_id, delivered_at desc, id desc) where destination = 'inbox' and state = 'delivered';

-- Behind the links to files in mails, likewise.
create table delivery_links (
  hash bytea primary key check (octet_length(hash) = 32),
  delivery_id uuid not null references deliveries on delete cascade,
  file_id uuid not null references delivery_files on delete cascade,
  expires_at timestamptz(3) not null,
  downloads integer not null default 0,
  last_download_at timestamptz(3)
);

create index delivery_links_by_file on delivery_links (file_id);
create index delivery_links_by_delivery on delivery_links (delivery_id);
