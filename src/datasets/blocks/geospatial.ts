import { type Block, compound, field } from './block.ts'
import { countries } from './countries.ts'

const degrees = { type: 'FLOAT' } as const

/** Where on earth the data are about. */
export const geospatial: Block = {
  name: 'geospatial',
  displayName: 'Geospatial Metadata',
  fields: [
    compound(
      'geographicCoverage',
      'Geographic Coverage',
      [
        field('country', 'Geographic Coverage Country / Nation', {
          title: 'Country / Nation',
          facetable: true,
          vocabulary: countries,
          description: 'The country that it is about',
        }),
        field('state', 'Geographic Coverage State / Province', {
          title: 'State / Province',
          description: 'The state or province that it is about',
        }),
        field('city', 'Geographic Coverage City', { title: 'City', description: 'The city that it is about' }),
        field('otherGeographicCoverage', 'Geographic Coverage Other', {
          title: 'Other',
          description: 'A place that is none of these',
        }),
      ],
      { description: 'The places that it is about' },
    ),
    field('geographicUnit', 'Geographic Unit', {
      multiple: true,
      description: 'The smallest places that are told apart: village, county, region',
    }),
    compound(
      'geographicBoundingBox',
      'Geographic Bounding Box',
      [
        field('westLongitude', 'Geographic Bounding Box West Longitude', {
          title: 'West Longitude',
          ...degrees,
          description: 'Decimal degrees, -180 to 180',
        }),
        field('eastLongitude', 'Geographic Bounding Box East Longitude', {
          title: 'East Longitude',
          ...degrees,
          description: 'Decimal degrees, -180 to 180',
        }),
        field('northLatitude', 'Geographic Bounding Box North Latitude', {
          title: 'North Latitude',
          ...degrees,
          description: 'Decimal degrees, -90 to 90',
        }),
        field('southLatitude', 'Geographic Bounding Box South Latitude', {
          title: 'South Latitude',
          ...degrees,
          description: 'Decimal degrees, -90 to 90',
        }),
      ],
      { description: 'The smallest box around all of it' },
    ),
  ],
}
