// Grades and point states.
export const grades = ['red', 'orange', 'yellow', 'blue'] as const;
export type Grade = (typeof grades)[number];

/** A shape for each grade, so that colour is never alone. */
export const gradeSigns: Record<Grade, string> = { red: '◆', orange: '▲', yellow: '■', blue: '●' };

export function asGrade(text: unknown): Grade | null {
  return grades.includes(text as Grade) ? (text as Grade) : null;
}

/** red = 4 … blue = 1, none = 0. */
export function gradeRank(text: unknown): number {
  const at = grades.indexOf(text as Grade);
  return at < 0 ? 0 : grades.length - at;
}

/** The bits that are set in a point's state, as codes of the dictionary point_state_bit. */
export function stateBits(mask: number | null | undefined): string[] {
  const bits: string[] = [];
  for (let bit = 1; bit <= 0x8000; bit *= 2) if (((mask ?? 0) & bit) !== 0) bits.push(String(bit));
  return bits;
}

/** True when a point is on or off and not a measure (codes of the dictionary value_type). */
export function isSwitch(valueType: string | null | undefined): boolean {
  return valueType === 'KG';
}
