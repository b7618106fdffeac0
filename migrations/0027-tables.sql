-- Tables found in files of datasets: of each content once, however many files have it.

create table content_tables (
  -- Of the file.
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  format text not null check (format in ('csv', 'tsv', 'parquet', 'json', 'xlsx')),
  state text not null default 'waiting' check (state in ('waiting', 'reading', 'read', 'failed')),
  attempts integer not null default 0,
  taken_at timestamptz(3),
  noticed_at timestamptz(3) not null default now(),
  read_at timestamptz(3),
  -- The same rows as Parquet, in the content store.
  table_sha256 text check (table_sha256 ~ '^[0-9a-f]{64}$'),
  table_bytes bigint,
  rows bigint,
  -- [{ name, type, database_type, label, statistics }]
  columns jsonb,
  -- The first rows, as texts.
  preview jsonb,
  trouble text,
  primary key (sha256, format),
  check ((state = 'read') = (table_sha256 is not null)),
  check ((state = 'failed') = (trouble is not null))
);

create index content_tables_waiting on content_tables (noticed_at) where state in ('waiting', 'reading');
create index content_tables_table_sha256 on content_tables (table_sha256);
