-- How many files a version has, and how large they are: kept beside it, as pages ask for it more often than files change.

alter table dataset_versions
  add column file_count integer not null default 0,
  add column file_bytes bigint not null default 0,
  add column restricted_count integer not null default 0;

update dataset_versions v set file_count = n.files, file_bytes = n.bytes, restricted_count = n.restricted
from (
  select vf.version_id, count(*) as files, sum(f.bytes) as bytes, count(*) filter (where vf.restricted) as restricted
  from version_files vf join dataset_files f on f.id = vf.file_id group by vf.version_id
) n where n.version_id = v.id;

create function count_version_files_in() returns trigger language plpgsql as $$
begin
  update dataset_versions v set file_count = file_count + n.files, file_bytes = file_bytes + n.bytes,
    restricted_count = restricted_count + n.restricted
  from (
    select r.version_id, count(*) as files, sum(f.bytes) as bytes, count(*) filter (where r.restricted) as restricted
    from come r join dataset_files f on f.id = r.file_id group by r.version_id
  ) n where n.version_id = v.id;
  return null;
end $$;

create function count_version_files_out() returns trigger language plpgsql as $$
begin
  update dataset_versions v set file_count = file_count - n.files, file_bytes = file_bytes - n.bytes,
    restricted_count = restricted_count - n.restricted
  from (
    select r.version_id, count(*) as files, sum(f.bytes) as bytes, count(*) filter (where r.restricted) as restricted
    from gone r join dataset_files f on f.id = r.file_id group by r.version_id
  ) n where n.version_id = v.id;
  return null;
end $$;

create function count_version_files_anew() returns trigger language plpgsql as $$
begin
  update dataset_versions v set file_count = file_count + n.files, file_bytes = file_bytes + n.bytes,
    restricted_count = restricted_count + n.restricted
  from (
    select r.version_id, sum(r.sign) as files, sum(r.sign * f.bytes) as bytes,
      coalesce(sum(r.sign) filter (where r.restricted), 0) as restricted
    from (
      select version_id, file_id, restricted, 1 as sign from come
      union all
      select version_id, file_id, restricted, -1 from gone
    ) r join dataset_files f on f.id = r.file_id group by r.version_id
    having sum(r.sign) <> 0 or coalesce(sum(r.sign) filter (where r.restricted), 0) <> 0
  ) n where n.version_id = v.id;
  return null;
end $$;

create trigger count_in after insert on version_files referencing new table as come
  for each statement execute function count_version_files_in();
create trigger count_out after delete on version_files referencing old table as gone
  for each statement execute function count_version_files_out();
create trigger count_anew after update on version_files referencing old table as gone new table as come
  for each statement execute function count_version_files_anew();

-- Lists: the latest first; a collection's by number, published ones and the few others apart.
create index datasets_updated_at on datasets (updated_at desc, id desc);
create index datasets_published on datasets (collection_id, id) where published_at is not null;
create index datasets_unpublished on datasets (collection_id, id) where published_at is null;
