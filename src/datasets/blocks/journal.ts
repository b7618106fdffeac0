import { type Block, compound, field } from './block.ts'

const articles = [
  ...['abstract', 'addendum', 'announcement', 'article-commentary', 'book review', 'books received', 'brief report'],
  ...['calendar', 'case report', 'collection', 'correction', 'data paper', 'discussion', 'dissertation', 'editorial'],
  ...['in brief', 'introduction', 'letter', 'meeting report', 'news', 'obituary', 'oration', 'partial retraction'],
  ...['product review', 'rapid communication', 'reply', 'reprint', 'research article', 'retraction', 'review article'],
  ...['translation', 'other'],
]

/** The article that the data belong to. */
export const journal: Block = {
  name: 'journal',
  displayName: 'Journal Metadata',
  fields: [
    compound(
      'journalVolumeIssue',
      'Journal',
      [
        field('journalVolume', 'Journal Volume', { title: 'Volume', facetable: true, description: 'Such as 4' }),
        field('journalIssue', 'Journal Issue', { title: 'Issue', facetable: true, description: 'Such as 2, Autumn' }),
        field('journalPubDate', 'Journal Publication Date', {
          title: 'Publication Date',
          type: 'DATE',
          facetable: true,
          watermark: 'YYYY or YYYY-MM or YYYY-MM-DD',
          description: 'When it appeared',
        }),
      ],
      { description: 'Where the article appeared' },
    ),
    field('journalArticleType', 'Type of Article', {
      facetable: true,
      vocabulary: articles,
      description: 'What kind of article, in the words of JATS',
    }),
  ],
}
