/**
 * Names one act, so that asking twice does it once: make it when the person decides, send it with every try. Random
 * bytes rather than `randomUUID`, which browsers keep from pages that came over plain HTTP.
 */
export const idempotencyKey = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')
