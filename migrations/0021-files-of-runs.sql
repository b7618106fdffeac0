-- Files of a run may show more than whoever may start such runs may see: then they take a permission of their own.

alter table runs add column files_need text;

update runs set personal = true where kind = 'run-subscription' and data -> 'trial' is not null;

update runs set files_need = 'reports:read:' || subscriptions.report_id
  from subscriptions
  where runs.kind = 'run-subscription' and runs.data -> 'trial' is not null and runs.subject_id = subscriptions.id;
