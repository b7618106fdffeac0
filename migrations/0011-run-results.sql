-- What runs were planned for, what they leave behind, and whom their end is told.

alter table runs
  -- From where it was asked for.
  add column trigger_address text,
  -- The moment of the schedule that it is the run of.
  add column scheduled_for timestamptz(3),
  -- The run that it does again.
  add column rerun_of uuid,
  -- Seen by who started it and by administrators only, not by all who might have started it.
  add column personal boolean not null default false;

create index runs_by_token on runs (trigger_token_id, created_at desc, id desc) where trigger_token_id is not null;

-- Files that a run made. The bytes stand in the content store under their SHA-256, once however many rows name them.
create table run_artifacts (
  id uuid primary key,
  run_id uuid not null references runs on delete cascade,
  name text not null check (length(name) between 1 and 200),
  media_type text not null,
  bytes bigint not null check (bytes >= 0),
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  created_at timestamptz(3) not null default now(),
  expires_at timestamptz(3) not null,
  -- Since then it may be collected, and is no longer given out.
  expired boolean not null default false,
  -- An attempt that takes a run up puts its own in place of those of the attempt before.
  unique (run_id, name)
);

create index run_artifacts_by_content on run_artifacts (sha256) where not expired;
create index run_artifacts_by_expiry on run_artifacts (expires_at) where not expired;

-- Whom to tell of a run's end. Address and secret are sealed: either may open doors elsewhere.
create table run_callbacks (
  id uuid primary key,
  run_id uuid not null references runs on delete cascade,
  sealed text not null,
  -- For people: where it goes, without path and query.
  host text not null,
  state text not null default 'waiting' check (state in ('waiting', 'delivered', 'failed')),
  attempts integer not null default 0,
  -- Why the last attempt failed, in our words; never the other side's.
  failure text,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now()
);

create index run_callbacks_by_run on run_callbacks (run_id);
