-- Who accepted which text of the terms of use of API tokens, and when. A new text is accepted anew; what was, stays told.

create table token_terms_acceptances (
  account_id uuid not null references accounts (id),
  -- Of the text: the beginning of its SHA-256.
  version text not null check (version ~ '^[0-9a-f]{12}$'),
  accepted_at timestamptz(3) not null,
  primary key (account_id, version)
);
