import { formats } from '#src/datasets/formats/formats.ts'

/** In which forms metadata are exported, by the names that clients ask with. */
export const exportFormatsJson = () =>
  Object.fromEntries([
    [
      'dataverse_json',
      { displayName: 'JSON', mediaType: 'application/json', isHarvestable: true, isVisibleInUserInterface: true },
    ],
    ...formats.map(({ name, label, mediaType, harvested }) => [
      name,
      {
        displayName: label,
        mediaType,
        isHarvestable: harvested !== undefined,
        isVisibleInUserInterface: !name.startsWith('oai_'),
        ...(harvested && { XMLNameSpace: harvested.namespace, XMLSchemaLocation: harvested.schema }),
      },
    ]),
  ])
