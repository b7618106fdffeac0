-- What can be found among collections, datasets and files.

-- Values that results are counted and narrowed by; documents name them by number, whose high bits say of which facet.
create table search_terms (
  id integer primary key,
  facet text not null,
  value text not null check (char_length(value) between 1 and 400),
  unique (facet, value)
);

create sequence search_term_numbers as integer maxvalue 67108863;

create table search_items (
  id bigint generated always as identity primary key,
  type text not null check (type in ('collection', 'dataset', 'file')),
  -- The collection, dataset or file itself; they share their numbers.
  subject_id bigint not null,
  -- The collection itself, or the one that holds it.
  collection_id bigint not null references collections (id) on delete cascade,
  dataset_id bigint references datasets (id) on delete cascade,
  -- As everybody finds it; otherwise what only those find who may see what is not published.
  released boolean not null,
  -- Released, but there is a draft: who may see that one finds it instead.
  superseded boolean not null default false,
  -- The root first, down to collection_id.
  path bigint[] not null,
  -- Numbers of search_terms.
  terms integer[] not null,
  sort_name text not null,
  -- Of publication, else of its own making.
  sort_date timestamptz(3) not null,
  -- Collections rank above datasets, and these above files.
  boost real not null,
  -- Of all that it was made from, so that what has not changed is left alone.
  fingerprint text not null,
  -- All words, and those of each field once more; read by the index, and by itself only where words must stand in a row.
  words tsvector not null,
  -- Words of names, authors and subjects, of which the order of results is made.
  weighty tsvector not null,
  unique (subject_id, released)
);

-- Kept aside, so that counting and sorting many results reads small rows only.
alter table search_items alter column words set storage external;
alter table search_items alter column weighty set storage main;
alter table search_items set (toast_tuple_target = 128);

create index search_items_collection_id on search_items (collection_id);
create index search_items_dataset_id on search_items (dataset_id);
create index search_items_sort_date on search_items (type, sort_date desc, id desc);
create index search_items_path on search_items using gin (path) with (fastupdate = off);
create index search_items_terms on search_items using gin (terms) with (fastupdate = off);
create index search_items_words on search_items using gin (words) with (fastupdate = off);
