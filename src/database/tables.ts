// Written by `npm run tables` from the migrations. Don't edit.

// biome-ignore lint/suspicious/noEmptyInterface: no table yet
export interface Tables {}
