/**
 * A made-up computing centre: two clusters, a small university around them, and the people who compute there.
 * Nobody and nothing in it exists.
 */

export interface Partition {
  readonly name: string
  readonly nodes: number
  readonly limitHours: number
}

/** What kind of work: how jobs of a sort look. Runtimes are medians in hours before the cluster's load is set. */
export interface Archetype {
  readonly partition: string
  readonly weight: number
  readonly cores: readonly number[]
  readonly gpus: readonly number[]
  readonly hours: number
  readonly spread: number
  /** Share of submissions that are job arrays. */
  readonly arrays: number
}

export interface Cluster {
  readonly code: string
  readonly name: string
  readonly nodePrefix: string
  readonly coresPerNode: number
  readonly gpusPerNode: number
  readonly memoryPerCoreMb: number
  readonly partitions: readonly Partition[]
  readonly archetypes: readonly Archetype[]
  /** Share of all jobs. */
  readonly share: number
  /** Largest share of a partition that its jobs may fill on average. */
  readonly load: number
}

export const organization = { abbreviation: 'tdc', name: 'Tessera Demo Center' }
export const partner = { abbreviation: 'ostia', name: 'Ostia Institute of Technology' }

export const clusters: readonly Cluster[] = [
  {
    code: 'atlas',
    name: 'Atlas',
    nodePrefix: 'at',
    coresPerNode: 32,
    gpusPerNode: 0,
    memoryPerCoreMb: 4000,
    share: 0.78,
    load: 0.66,
    partitions: [
      { name: 'debug', nodes: 2, limitHours: 1 },
      { name: 'short', nodes: 4, limitHours: 24 },
      { name: 'parallel', nodes: 80, limitHours: 72 },
      { name: 'long', nodes: 30, limitHours: 240 },
    ],
    archetypes: [
      { partition: 'debug', weight: 8, cores: [1, 2, 4, 8, 16, 32], gpus: [0], hours: 0.1, spread: 1.2, arrays: 0 },
      { partition: 'short', weight: 44, cores: [1, 1, 1, 2, 4, 8], gpus: [0], hours: 1.5, spread: 1.3, arrays: 0.12 },
      {
        partition: 'parallel',
        weight: 22,
        cores: [32, 64, 64, 128, 256, 512],
        gpus: [0],
        hours: 5,
        spread: 1.1,
        arrays: 0,
      },
      { partition: 'long', weight: 12, cores: [4, 8, 16, 32, 32], gpus: [0], hours: 30, spread: 0.9, arrays: 0.02 },
    ],
  },
  {
    code: 'vesta',
    name: 'Vesta',
    nodePrefix: 've',
    coresPerNode: 64,
    gpusPerNode: 8,
    memoryPerCoreMb: 8000,
    share: 0.22,
    load: 0.62,
    partitions: [
      { name: 'gpu-debug', nodes: 1, limitHours: 2 },
      { name: 'gpu', nodes: 9, limitHours: 96 },
    ],
    archetypes: [
      { partition: 'gpu-debug', weight: 15, cores: [4, 8], gpus: [1, 1, 2], hours: 0.3, spread: 1, arrays: 0 },
      { partition: 'gpu', weight: 60, cores: [8, 8, 16], gpus: [1, 1, 1, 2], hours: 4, spread: 1.2, arrays: 0.05 },
      { partition: 'gpu', weight: 10, cores: [32, 64], gpus: [4, 8], hours: 12, spread: 0.9, arrays: 0 },
      { partition: 'gpu', weight: 2, cores: [128, 256], gpus: [16, 32], hours: 9, spread: 0.7, arrays: 0 },
    ],
  },
]

/** Abbreviation, description, parent. */
export const hierarchy: readonly (readonly [string, string, string])[] = [
  ['nat', 'Natural Sciences', ''],
  ['eng', 'Engineering', ''],
  ['med', 'Medicine', ''],
  ['soc', 'Society and Language', ''],
  ['phy', 'Physics', 'nat'],
  ['che', 'Chemistry', 'nat'],
  ['ear', 'Earth Sciences', 'nat'],
  ['mec', 'Mechanical Engineering', 'eng'],
  ['cmp', 'Computer Science', 'eng'],
  ['gen', 'Genomics', 'med'],
  ['neu', 'Neurology', 'med'],
  ['eco', 'Economics', 'soc'],
  ['lin', 'Linguistics', 'soc'],
  ['astro', 'Astrophysics', 'phy'],
  ['quantum', 'Quantum Matter', 'phy'],
  ['lattice', 'Lattice Theory', 'phy'],
  ['catal', 'Catalysis', 'che'],
  ['polymer', 'Polymer Dynamics', 'che'],
  ['protein', 'Protein Folding', 'che'],
  ['climate', 'Climate Modelling', 'ear'],
  ['seismo', 'Seismology', 'ear'],
  ['ocean', 'Ocean Currents', 'ear'],
  ['turbo', 'Turbulence', 'mec'],
  ['comb', 'Combustion', 'mec'],
  ['struct', 'Structural Mechanics', 'mec'],
  ['vision', 'Computer Vision', 'cmp'],
  ['lang', 'Language Models', 'cmp'],
  ['robot', 'Robotics', 'cmp'],
  ['genome', 'Genome Assembly', 'gen'],
  ['single', 'Single-Cell Analysis', 'gen'],
  ['connect', 'Connectomics', 'neu'],
  ['imaging', 'Brain Imaging', 'neu'],
  ['market', 'Market Simulation', 'eco'],
  ['corpus', 'Corpus Linguistics', 'lin'],
]

/** Bottom items whose people work on GPUs more than others do. */
export const gpuItems = new Set(['vision', 'lang', 'robot', 'protein', 'imaging', 'single', 'lattice'])

// biome-ignore format: a list of words
export const firstNames = [
  'Aelia', 'Alba', 'Aulus', 'Aurelia', 'Camilla', 'Cassia', 'Claudia', 'Cornelia', 'Decimus', 'Drusus', 'Emilia', 'Fabia',
  'Felix', 'Flavia', 'Gaia', 'Gnaeus', 'Hilarius', 'Horatia', 'Julia', 'Junia', 'Lavinia', 'Livia', 'Lucius', 'Marcus',
  'Maximus', 'Numa', 'Octavia', 'Paulla', 'Petronia', 'Quintus', 'Regula', 'Rufus', 'Sabina', 'Septimus', 'Silvia',
  'Tertia', 'Titus', 'Tullia', 'Valeria', 'Vibia',
]

// biome-ignore format: a list of words
export const lastNames = [
  'Agricola', 'Albinus', 'Aquila', 'Balbus', 'Barbatus', 'Bibulus', 'Caecus', 'Calvus', 'Capito', 'Carbo', 'Celer', 'Cinna',
  'Corvus', 'Cotta', 'Crassus', 'Crispus', 'Dentatus', 'Faber', 'Figulus', 'Flaccus', 'Gallus', 'Glabrio', 'Gracchus',
  'Lanatus', 'Lentulus', 'Longus', 'Macer', 'Mancinus', 'Marcellus', 'Maro', 'Merula', 'Murena', 'Naso', 'Nerva', 'Orata',
  'Paetus', 'Pansa', 'Piso', 'Pulcher', 'Rex', 'Rufinus', 'Scaevola', 'Scipio', 'Severus', 'Silanus', 'Strabo', 'Sulla',
  'Tacitus', 'Turdus', 'Varro', 'Vatia', 'Verrucosus',
]
