/** Several texts in one, as in a page's address: people's own words may hold the comma that stands between them. */
export const joined = (texts: readonly string[]): string => texts.map((each) => each.replaceAll('%', '%25').replaceAll(',', '%2C')).join(',');

/** The texts again; of what was joined without care for commas, too. */
export const parted = (given: string | null): string[] => (given ?? '').split(',').filter(Boolean).map((each) => each.replaceAll('%2C', ',').replaceAll('%25', '%'));
