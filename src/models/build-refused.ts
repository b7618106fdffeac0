/** A guard or a source says no. The message is for the model's author. */
export class BuildRefused extends Error {}
