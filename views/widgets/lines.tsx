import { Box, Text } from 'ink';
import { memo, type ReactNode } from 'react';
import type { Size } from '../text/size.ts';

/** Painted rows, one under the other, cut to `size`. */
export const Lines = memo(function Lines({
  rows,
  size,
}: {
  readonly rows: readonly string[];
  readonly size: Size;
}): ReactNode {
  const places = rows.slice(0, size.rows).map((text, place) => ({ text, place }));
  return (
    <Box flexDirection="column" width={size.columns} height={size.rows} flexShrink={0} overflow="hidden">
      {places.map(({ text, place }) => (
        <Row key={place} text={text} />
      ))}
    </Box>
  );
});

const Row = memo(function Row({ text }: { readonly text: string }): ReactNode {
  return <Text wrap="truncate">{text}</Text>;
});
