/** The least that a dataset is made of, as Dataverse's guide writes it. */
export const leastDataset = (
  title = 'Tide pools of Inchkeith',
  over: object = {},
  description = 'Counts per square metre.',
) => ({
  datasetVersion: {
    license: { name: 'CC0 1.0', uri: 'http://creativecommons.org/publicdomain/zero/1.0' },
    metadataBlocks: {
      citation: {
        displayName: 'Citation Metadata',
        fields: [
          primitive('title', title),
          {
            typeName: 'author',
            typeClass: 'compound',
            multiple: true,
            value: [
              {
                authorName: primitive('authorName', 'Ames, Alice'),
                authorAffiliation: primitive('authorAffiliation', 'Example U'),
              },
            ],
          },
          {
            typeName: 'datasetContact',
            typeClass: 'compound',
            multiple: true,
            value: [
              {
                datasetContactEmail: primitive('datasetContactEmail', 'alice@example.org'),
                datasetContactName: primitive('datasetContactName', 'Ames, Alice'),
              },
            ],
          },
          {
            typeName: 'dsDescription',
            typeClass: 'compound',
            multiple: true,
            value: [{ dsDescriptionValue: primitive('dsDescriptionValue', description) }],
          },
          {
            typeName: 'subject',
            typeClass: 'controlledVocabulary',
            multiple: true,
            value: ['Earth and Environmental Sciences'],
          },
        ],
      },
    },
    ...over,
  },
})

function primitive(typeName: string, value: string) {
  return { typeName, typeClass: 'primitive', multiple: false, value }
}
