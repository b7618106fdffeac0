-- Who is next, asked whenever a run ends; and who has not been told of a bad end, asked every minute: both of all runs there ever were.
create index runs_waiting on runs (lock_key, created_at) where state = 'queued';
create index runs_ended_badly on runs (kind, finished_at) where state in ('failed', 'partially_failed', 'timed_out');
