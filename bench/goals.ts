/** A figure beside what it should be; `goal` is absent where there is only something to know. */
export interface Figure {
  name: string;
  value: number;
  unit: string;
  goal?: { atLeast: number } | { atMost: number };
  /** what gunzip alone reaches in the same run: nothing that reads the files can do more */
  limit?: number;
}

export function met({ value, goal }: Figure): boolean | null {
  if (!goal) return null;
  return 'atLeast' in goal ? value >= goal.atLeast : value <= goal.atMost;
}

/** `1% kept, roletrail/article   6.1 x   goal >= 10   missed, reaches 61 %` */
export function figureLine(figure: Figure): string {
  const shown = `${figure.name.padEnd(52)}${number(figure.value).padStart(9)} ${figure.unit.padEnd(14)}`;
  const { goal } = figure;
  if (!goal) return shown.trimEnd();
  const [sign, bound] = 'atLeast' in goal ? ['>=', goal.atLeast] : ['<=', goal.atMost];
  const share = 'atLeast' in goal ? figure.value / bound : bound / figure.value;
  const verdict = met(figure) ? 'met' : `MISSED, reaches ${Math.floor(share * 100)} %`;
  const beyond = figure.limit !== undefined && figure.limit < bound;
  const limit = beyond ? `, and gunzip alone ${number(figure.limit ?? 0)}` : '';
  return `${shown}goal ${sign} ${number(bound).padEnd(7)}${verdict}${limit}`;
}

function number(value: number): string {
  if (value >= 1000) return Math.round(value).toLocaleString('en-US');
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}
