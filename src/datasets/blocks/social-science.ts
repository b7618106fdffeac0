import { type Block, compound, field } from './block.ts'

const many = { multiple: true } as const
const long = { type: 'TEXTBOX' } as const

/** How a survey was made. */
export const socialScience: Block = {
  name: 'socialscience',
  displayName: 'Social Science and Humanities Metadata',
  fields: [
    field('unitOfAnalysis', 'Unit of Analysis', {
      ...many,
      ...long,
      facetable: true,
      description: 'What is counted: individuals, families, organizations',
    }),
    field('universe', 'Universe', {
      ...many,
      ...long,
      facetable: true,
      description: 'The population that it speaks for',
    }),
    field('timeMethod', 'Time Method', { facetable: true, description: 'Panel, cross-section, trend, time series' }),
    field('dataCollector', 'Data Collector', { description: 'Who asked the questions' }),
    field('collectorTraining', 'Collector Training', { description: 'What they were taught' }),
    field('frequencyOfDataCollection', 'Frequency', { facetable: true, description: 'How often it was done' }),
    field('samplingProcedure', 'Sampling Procedure', { ...long, description: 'How those asked were chosen' }),
    compound(
      'targetSampleSize',
      'Target Sample Size',
      [
        field('targetSampleActualSize', 'Target Sample Size Actual', {
          title: 'Actual',
          type: 'INT',
          watermark: '500',
          description: 'How many were to be asked',
        }),
        field('targetSampleSizeFormula', 'Target Sample Size Formula', {
          title: 'Formula',
          description: 'How that number was found',
        }),
      ],
      { multiple: false, description: 'How many were to be asked' },
    ),
    field('deviationsFromSampleDesign', 'Major Deviations for Sample Design', {
      description: 'How those asked differ from those meant',
    }),
    field('collectionMode', 'Collection Mode', {
      ...many,
      ...long,
      facetable: true,
      description: 'By telephone, by mail, in person',
    }),
    field('researchInstrument', 'Type of Research Instrument', {
      description: 'Such as structured or semi-structured',
    }),
    field('dataCollectionSituation', 'Characteristics of Data Collection Situation', {
      ...long,
      description: 'What was noteworthy when it was done',
    }),
    field('actionsToMinimizeLoss', 'Actions to Minimize Losses', { description: 'Such as follow-up visits' }),
    field('controlOperations', 'Control Operations', { description: 'How the work was checked' }),
    field('weighting', 'Weighting', { ...long, description: 'How answers are to be weighted' }),
    field('cleaningOperations', 'Cleaning Operations', { ...long, description: 'How the data were cleaned' }),
    field('datasetLevelErrorNotes', 'Study Level Error Notes', { description: 'Errors of the whole' }),
    field('responseRate', 'Response Rate', { ...long, description: 'How many of those asked answered' }),
    field('samplingErrorEstimates', 'Estimates of Sampling Error', { description: 'How far off figures may be' }),
    field('otherDataAppraisal', 'Other Forms of Data Appraisal', { description: 'How else its quality was judged' }),
    compound(
      'socialScienceNotes',
      'Notes',
      [
        field('socialScienceNotesType', 'Notes Type', { title: 'Type', description: 'What kind of note' }),
        field('socialScienceNotesSubject', 'Notes Subject', { title: 'Subject', description: 'What it is about' }),
        field('socialScienceNotesText', 'Notes Text', { title: 'Text', ...long, description: 'The note' }),
      ],
      { multiple: false, description: 'What else has to be known' },
    ),
  ],
}
