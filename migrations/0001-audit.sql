-- The audit trail: append-only and hash-chained. No foreign keys: what it says outlives what it speaks of.

create table audit_events (
  -- Given by the head, one after the other: a missing number is a missing event.
  id bigint primary key,
  -- Milliseconds, because the hash covers the time as written in JSON.
  at timestamptz(3) not null,
  verb text not null,
  subject_type text not null,
  subject_id text,
  via text not null,
  account_id text,
  account_name text,
  token_id text,
  session_id text,
  request_id text,
  address text,
  client text,
  -- json, not jsonb: the text is kept byte for byte, so that no edit of it escapes the hash.
  detail json not null,
  prev_hash bytea not null check (octet_length(prev_hash) = 32),
  hash bytea not null check (octet_length(hash) = 32)
);

create index audit_events_at on audit_events (at);
create index audit_events_verb on audit_events (verb, id);
create index audit_events_account_id on audit_events (account_id, id);
create index audit_events_account_name on audit_events (account_name, id);
create index audit_events_token_id on audit_events (token_id, id);
create index audit_events_subject on audit_events (subject_type, subject_id, id);

-- The last event's number and hash. Whoever appends locks this row, so events have one order in all processes.
create table audit_head (
  one_row boolean primary key default true check (one_row),
  id bigint not null,
  hash bytea not null check (octet_length(hash) = 32),
  at timestamptz(3) not null
);

insert into audit_head (id, hash, at) values (0, decode(repeat('00', 32), 'hex'), '1970-01-01T00:00:00Z');

create function audit_is_append_only() returns trigger language plpgsql as $$
begin
  raise exception 'the audit trail is append-only: % of % refused', lower(tg_op), tg_table_name
    using errcode = 'insufficient_privilege';
end
$$;

create trigger audit_events_append_only before update or delete or truncate on audit_events
  for each statement execute function audit_is_append_only();

create trigger audit_head_stays before delete or truncate on audit_head
  for each statement execute function audit_is_append_only();
