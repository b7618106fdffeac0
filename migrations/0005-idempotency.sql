-- First answers to requests with an Idempotency-Key, kept for a day so that a repetition gets the same answer.
-- Written in the transaction of the change itself: the answer is kept exactly when the change is.

create table idempotency_records (
  -- Whose key: `token:ID` or `account:ID`. Two callers may choose the same key.
  scope text not null,
  key text not null,
  -- SHA-256 of method, address and body: another request under the same key is a mistake.
  request_hash bytea not null check (octet_length(request_hash) = 32),
  status smallint not null,
  headers json not null,
  -- As it was sent, less its secrets.
  body text,
  -- Names of the members left out because they are secrets.
  omitted text[] not null default '{}',
  created_at timestamptz not null default now(),
  primary key (scope, key)
);

create index idempotency_records_created_at on idempotency_records (created_at);
