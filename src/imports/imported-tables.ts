/**
 * The tables that imports offer to models (`source: { import: NAME }`), with their columns in DuckDB's types.
 * Times are Unix seconds. Ids are given once and never change; −1 stands for "Unknown".
 */
export const importedTables = {
  /** One row per ended job; `job_number` rises in the order of ingestion. */
  slurm_jobs: {
    job_number: 'BIGINT',
    resource_id: 'INTEGER',
    job_id: 'BIGINT',
    /** Element of a job array; −1 for a job of its own. */
    array_index: 'INTEGER',
    /** The scheduler's id as people write it: `123`, or `123[4]` for element 4 of an array. */
    local_job_id: 'VARCHAR',
    person_id: 'INTEGER',
    pi_id: 'INTEGER',
    qos_id: 'INTEGER',
    username: 'VARCHAR',
    queue: 'VARCHAR',
    submit_time: 'BIGINT',
    /** Null where the log has none. */
    eligible_time: 'BIGINT',
    start_time: 'BIGINT',
    end_time: 'BIGINT',
    nodes: 'INTEGER',
    cores: 'INTEGER',
    gpus: 'INTEGER',
    requested_cores: 'INTEGER',
    requested_memory: 'VARCHAR',
    /** Seconds; null if unlimited or unreadable. */
    requested_wall_time: 'BIGINT',
    exit_code: 'VARCHAR',
    exit_state: 'VARCHAR',
  },
  /** Users and PIs; the hierarchy is that of a PI's group. */
  hpc_people: {
    person_id: 'INTEGER',
    username: 'VARCHAR',
    /** `Last, First`, the last name alone, or the user name. */
    name: 'VARCHAR',
    organization_id: 'INTEGER',
    bottom_id: 'INTEGER',
    bottom: 'VARCHAR',
    middle_id: 'INTEGER',
    middle: 'VARCHAR',
    top_id: 'INTEGER',
    top: 'VARCHAR',
  },
  hpc_organizations: {
    organization_id: 'INTEGER',
    abbreviation: 'VARCHAR',
    name: 'VARCHAR',
  },
  hpc_resources: {
    resource_id: 'INTEGER',
    code: 'VARCHAR',
    name: 'VARCHAR',
    type_id: 'INTEGER',
    type: 'VARCHAR',
    organization_id: 'INTEGER',
    time_zone: 'VARCHAR',
  },
  /** What a resource has from one day to another, both included; no end is null. */
  hpc_resource_specifications: {
    resource_id: 'INTEGER',
    valid_from: 'DATE',
    valid_to: 'DATE',
    nodes: 'INTEGER',
    cores: 'INTEGER',
    gpus: 'INTEGER',
    share_percent: 'DOUBLE',
  },
  hpc_qos: {
    qos_id: 'INTEGER',
    name: 'VARCHAR',
  },
} as const satisfies Record<string, Record<string, string>>

export type ImportedTableName = keyof typeof importedTables

export const isImportedTable = (name: string): name is ImportedTableName => Object.hasOwn(importedTables, name)
