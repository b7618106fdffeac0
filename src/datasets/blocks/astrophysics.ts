import { type Block, compound, field } from './block.ts'

const types = [
  ...['Image', 'Mosaic', 'EventList', 'Spectrum', 'Cube', 'Table', 'Catalog', 'LightCurve', 'Simulation', 'Figure'],
  ...['Artwork', 'Animation', 'PrettyPicture', 'Documentation', 'Other', 'Library', 'Press Release', 'Facsimile'],
  ...['Historical', 'Observation', 'Object', 'Value', 'ValuePair', 'Survey'],
]
const many = { multiple: true } as const
const number = { type: 'FLOAT' } as const
const date = { type: 'DATE', watermark: 'YYYY-MM-DD' } as const

/** What part of the sky was observed, with what and how finely. */
export const astrophysics: Block = {
  name: 'astrophysics',
  displayName: 'Astronomy and Astrophysics Metadata',
  fields: [
    field('astroType', 'Type', { ...many, facetable: true, vocabulary: types, description: 'What its files hold' }),
    field('astroFacility', 'Facility', { ...many, facetable: true, description: 'The observatory' }),
    field('astroInstrument', 'Instrument', { ...many, facetable: true, description: 'What it was observed with' }),
    field('astroObject', 'Object', { ...many, facetable: true, description: 'What was observed, by its SIMBAD name' }),
    field('resolution.Spatial', 'Spatial Resolution', {
      ...many,
      ...number,
      facetable: true,
      description: 'As an angle, in decimal degrees',
    }),
    field('resolution.Spectral', 'Spectral Resolution', {
      ...many,
      ...number,
      facetable: true,
      description: 'The ratio λ/Δλ',
    }),
    field('resolution.Temporal', 'Time Resolution', { ...many, ...number, description: 'In seconds' }),
    field('coverage.Spectral.Bandpass', 'Bandpass', { ...many, facetable: true, description: 'By its usual name' }),
    field('coverage.Spectral.CentralWavelength', 'Central Wavelength (m)', {
      ...many,
      ...number,
      facetable: true,
      description: 'Of the bandpass, in meters',
    }),
    compound(
      'coverage.Spectral.Wavelength',
      'Wavelength Range',
      [
        field('coverage.Spectral.MinimumWavelength', 'Wavelength Range Minimum (m)', {
          title: 'Minimum (m)',
          ...number,
          facetable: true,
          description: 'In meters',
        }),
        field('coverage.Spectral.MaximumWavelength', 'Wavelength Range Maximum (m)', {
          title: 'Maximum (m)',
          ...number,
          facetable: true,
          description: 'In meters',
        }),
      ],
      { description: 'From the shortest to the longest' },
    ),
    compound(
      'coverage.Temporal',
      'Dataset Date Range',
      [
        field('coverage.Temporal.StartTime', 'Dataset Date Range Start', {
          title: 'Start',
          ...date,
          facetable: true,
          description: 'From',
        }),
        field('coverage.Temporal.StopTime', 'Dataset Date Range End', {
          title: 'End',
          ...date,
          facetable: true,
          description: 'To',
        }),
      ],
      { description: 'When it was observed' },
    ),
    field('coverage.Spatial', 'Sky Coverage', { ...many, description: 'The part of the sky' }),
    field('coverage.Depth', 'Depth Coverage', { ...number, description: 'How faint, in Jy' }),
    field('coverage.ObjectDensity', 'Object Density', { ...number, description: 'Objects per square degree' }),
    field('coverage.ObjectCount', 'Object Count', { type: 'INT', description: 'How many objects' }),
    field('coverage.SkyFraction', 'Fraction of Sky', { ...number, description: '0 to 1' }),
    field('coverage.Polarization', 'Polarization', { description: 'What polarization was seen' }),
    field('redshiftType', 'RedshiftType', {
      description: 'Redshift, or Doppler velocity in its optical or radio sense',
    }),
    field('resolution.Redshift', 'Redshift Resolution', { ...number, description: 'Without unit, or in km/s' }),
    compound(
      'coverage.RedshiftValue',
      'Redshift Value',
      [
        field('coverage.Redshift.MinimumValue', 'Redshift Value Minimum', {
          title: 'Minimum',
          ...number,
          description: 'Without unit, or in km/s',
        }),
        field('coverage.Redshift.MaximumValue', 'Redshift Value Maximum', {
          title: 'Maximum',
          ...number,
          description: 'Without unit, or in km/s',
        }),
      ],
      { description: 'From the least to the greatest' },
    ),
  ],
}
