-- Background work that a person can watch. No foreign keys: what a run says outlives the account and the token that asked for it.

create table runs (
  id uuid primary key,
  kind text not null,
  subject_type text not null,
  subject_id text not null,
  -- What starting (and so cancelling) it takes: asked again of the token before the run starts.
  permission text not null,
  -- Two runs with the same key never work at the same time; null: any number may.
  lock_key text,
  data jsonb not null,
  state text not null
    check (state in ('queued', 'running', 'succeeded', 'partially_failed', 'failed', 'cancelled', 'skipped', 'timed_out')),
  trigger_type text not null check (trigger_type in ('schedule', 'api', 'manual', 'dependency')),
  trigger_token_id text,
  trigger_account_id text,
  trigger_account_name text,
  trigger_cause text,
  -- Counts up whenever a worker takes the run up, and fences off the one before: it can write nothing more.
  attempt integer not null default 0,
  progress double precision not null default 0 check (progress between 0 and 1),
  progress_text text,
  steps jsonb not null default '[]',
  counts jsonb not null default '{}',
  error jsonb,
  created_at timestamptz(3) not null default now(),
  started_at timestamptz(3),
  finished_at timestamptz(3),
  updated_at timestamptz(3) not null default now(),
  cancel_requested_at timestamptz(3),
  -- The worker at it renews this; one who lets it lapse is taken for dead.
  lease_until timestamptz(3),
  check ((state = 'running') = (lease_until is not null)),
  check ((state in ('queued', 'running')) = (finished_at is null))
);

create index runs_newest on runs (created_at desc, id desc);
create index runs_unfinished on runs (kind, state, created_at) where finished_at is null;
create index runs_by_account on runs (trigger_account_id, created_at desc, id desc);
create index runs_by_subject on runs (subject_type, subject_id, created_at desc, id desc);
create unique index runs_one_at_a_time on runs (lock_key) where state = 'running';

create table run_log (
  run_id uuid not null references runs on delete cascade,
  line integer not null,
  at timestamptz(3) not null,
  attempt integer not null,
  level text not null check (level in ('info', 'warn', 'error')),
  text text not null,
  primary key (run_id, line)
);
