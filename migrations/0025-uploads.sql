-- Files on their way into datasets: their bytes come in parts, over hours if need be.

create table uploads (
  id uuid primary key,
  dataset_id bigint not null references datasets (id) on delete cascade,
  account_id uuid not null references accounts (id) on delete cascade,
  -- As their sender calls them, not judged yet.
  name text not null,
  told_media_type text,
  bytes bigint not null check (bytes >= 0),
  -- That are there for good.
  received bigint not null default 0 check (received between 0 and bytes),
  -- The process that is writing, until when others leave it alone.
  writer text,
  writer_until timestamptz(3),
  created_at timestamptz(3) not null,
  expires_at timestamptz(3) not null,
  -- From here on it stands in the content store, and waits to become a file.
  finished_at timestamptz(3),
  sha256 text check (sha256 ~ '^[0-9a-f]{64}$'),
  md5 text check (md5 ~ '^[0-9a-f]{32}$'),
  media_type text,
  check ((writer is null) = (writer_until is null)),
  check ((finished_at is null) or (received = bytes and sha256 is not null and md5 is not null and media_type is not null))
);

create index uploads_account_id on uploads (account_id);
create index uploads_dataset_id on uploads (dataset_id);
create index uploads_expires_at on uploads (expires_at);
create index uploads_sha256 on uploads (sha256);
