-- A file keeps the number of the one that it replaced, also when that one was never published and is gone.
alter table dataset_files drop constraint dataset_files_previous_file_id_fkey;
alter table dataset_files drop constraint dataset_files_root_file_id_fkey;

create index dataset_files_root_file_id on dataset_files (root_file_id) where root_file_id is not null;
create index file_access_requests_account_id on file_access_requests (account_id);
