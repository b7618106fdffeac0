-- Whose turn it takes to read a file: the account that put it into a dataset, or `dataset 7` where none did.

alter table content_tables add column depositor text not null default '';

update content_tables t set depositor = coalesce(
  (select coalesce(f.created_by::text, 'dataset ' || f.dataset_id)
    from dataset_files f where f.sha256 = t.sha256 order by f.id desc limit 1), '')
where t.state in ('waiting', 'reading');

drop index content_tables_waiting;
create index content_tables_waiting on content_tables (depositor, noticed_at) where state in ('waiting', 'reading');
create index content_tables_taken_at on content_tables (taken_at);
