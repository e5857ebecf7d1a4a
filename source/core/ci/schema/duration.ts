const units: readonly (readonly [RegExp, number])[] = [
  [/^(?:s|sec|secs|second|seconds)$/, 1],
  [/^(?:m|min|mins|minute|minutes)$/, 60],
  [/^(?:h|hr|hrs|hour|hours)$/, 3_600],
  [/^(?:d|day|days)$/, 86_400],
  [/^(?:w|wk|wks|week|weeks)$/, 604_800],
  [/^(?:mo|mos|month|months)$/, 2_592_000],
  [/^(?:y|yr|yrs|year|years)$/, 31_557_600],
];

const words: readonly string[] = [
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen',
  'seventeen eighteen nineteen',
].flatMap((line) => line.split(' '));
const tens: readonly string[] = 'twenty thirty forty fifty sixty seventy eighty ninety'.split(' ');
const numberWord = new RegExp(`\\b(${tens.join('|')})(?:[\\s-]+(${words.slice(1, 10).join('|')}))?\\b`, 'g');

/** `twenty five minutes` with digits, as the `numerizer` that GitLab's parser begins with. */
function withDigits(text: string): string {
  return text
    .replace(numberWord, (_, ten: string, one: string | undefined) =>
      String((tens.indexOf(ten) + 2) * 10 + (one === undefined ? 0 : words.indexOf(one))),
    )
    .replace(/[a-z]+/g, (word) => {
      const value = word === 'a' || word === 'an' ? 1 : words.indexOf(word);
      return value < 0 ? word : String(value);
    });
}

/** Seconds of a duration as GitLab's `ChronicDuration` reads it (`1h 30m`, `2 weeks`, `1:30:00`, `600`); undefined when it is none. */
export function parseDuration(text: string): number | undefined {
  const bare = withDigits(text.trim().toLowerCase()).replace(/,|\band\b|\bwith\b|\bplus\b/g, ' ');
  const clock = /^(?:(\d+):)?(\d+):(\d+(?:\.\d+)?)$/.exec(bare.trim());
  if (clock) return Number(clock[1] ?? 0) * 3_600 + Number(clock[2]) * 60 + Number(clock[3]);
  let total = 0;
  let rest = bare.trim();
  if (rest === '') return undefined;
  while (rest !== '') {
    const match = /^(\d+(?:\.\d+)?)\s*([a-z]*)\s*/.exec(rest);
    if (!match) return undefined;
    const [whole, amount = '', name = ''] = match;
    const seconds = name === '' ? 1 : units.find(([pattern]) => pattern.test(name))?.[1];
    if (seconds === undefined) return undefined;
    total += Number(amount) * seconds;
    rest = rest.slice(whole.length);
  }
  return total;
}
