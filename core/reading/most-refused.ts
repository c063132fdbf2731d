/**
 * Records of one file that are refused one by one, and bytes of their text: a file with more is none of CloudTrail's, and is
 * refused as a whole. Its refusals would fill the memory of its batch, and the quarantine.
 */
export const mostRefused = { records: 1_000, bytes: 8 * 1024 * 1024 };
