-- Models and their snapshots. The files lie below the warehouse directory; a row here is what makes one count.

create table model_snapshots (
  model text not null,
  -- Counts up per model; never used twice.
  version integer not null,
  -- Name of the file in the warehouse's directory of snapshots.
  file text not null unique,
  -- The refresh that made it.
  run_id uuid not null,
  -- What the tables in the file mean: the catalogue that it was built by.
  catalogue jsonb not null,
  -- Of everything in the model file that decides what is in the snapshot.
  definition text not null,
  rows bigint not null check (rows >= 0),
  facts bigint not null check (facts >= 0),
  bytes bigint not null check (bytes >= 0),
  first_day date,
  last_day date,
  -- Per table: name, rows, columns, files with size and time.
  sources jsonb not null,
  started_at timestamptz(3) not null,
  finished_at timestamptz(3) not null,
  primary key (model, version)
);

-- The one pointer: which snapshot of a model is read.
create table models (
  name text primary key,
  version integer not null,
  changed_at timestamptz(3) not null default now(),
  foreign key (name, version) references model_snapshots (model, version)
);
