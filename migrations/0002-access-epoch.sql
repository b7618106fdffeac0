-- How every process learns that somebody's rights have shrunk before the call that shrank them returns (src/database/lease.ts).

-- Counts the changes that take rights away. One row: whoever changes rights holds it locked until the commit, so that
-- epochs become visible in their order.
create table access_epoch (
  one_row boolean primary key default true check (one_row),
  epoch bigint not null
);

insert into access_epoch (epoch) values (0);

-- Whose rights shrank in which epoch: 'token:<public id>' or 'account:<uuid>'. Kept for an hour; who has missed more
-- than is kept notices the gap and forgets everything.
create table access_changes (
  epoch bigint not null,
  subject text not null,
  at timestamptz not null default clock_timestamp(),
  primary key (epoch, subject)
);

create index access_changes_at on access_changes (at);

-- The processes that answer from a cache of rights, and how far each has caught up. Nothing is decided by a wall clock:
-- a row whose counter stands still is out of date once its watcher's own stop-watch says so.
create table leases (
  process_id uuid primary key,
  acked_epoch bigint not null,
  renewals bigint not null default 0,
  renewed_at timestamptz not null default clock_timestamp()
);
