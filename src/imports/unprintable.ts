/**
 * Whether a text holds control characters, line separators, or what bytes become that are no UTF-8. Such a text must
 * not become a name: it would break lines in whatever shows or exports it.
 */
export const isUnprintable = (text: string): boolean => unprintable.test(text)

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it looks for
const unprintable = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\ufffd]/
