-- What a refresh changed, so that people can see it and go back; and who was told that data have grown too old.

alter table model_snapshots
  add column refresh_type text not null default 'full' check (refresh_type in ('full', 'incremental')),
  -- Of the facts table at the refresh before; null at the first one.
  add column rows_before bigint check (rows_before >= 0),
  -- By key, where the model names one.
  add column added bigint check (added >= 0),
  add column removed bigint check (removed >= 0),
  add column changed bigint check (changed >= 0),
  -- Columns of sources that came, went or changed their type: table, column, change, from, to.
  add column schema_changes jsonb not null default '[]',
  -- When the newest of the sources was last changed, or read where that cannot be known.
  add column source_time timestamptz(3);

-- The last broken promise of freshness that somebody was told of: one notice for each snapshot that grew too old.
create table model_notices (
  model text primary key,
  version integer not null,
  noticed_at timestamptz(3) not null default now()
);
