import { Box, render, Text, useInput } from 'ink';
import { type ReactNode, useState } from 'react';

const rows = Array.from({ length: 12 }, (_, index) => index);

/** A screen of five panes in bare Ink, with as many rows as the dashboard's: the measure of its start. */
function Screen(): ReactNode {
  const [selected, setSelected] = useState(0);
  useInput((input) => {
    if (input === 'j') setSelected((before) => (before + 1) % rows.length);
  });
  return (
    <Box flexDirection="column" width={160} height={45}>
      <Text>bare Ink READ ONLY</Text>
      <Box flexGrow={1} flexWrap="wrap">
        {['1 Plan', '2 Caches', '3 Variables', '4 Signing', '5 Pipeline'].map((title) => (
          <Box key={title} borderStyle="round" flexDirection="column" width={53} height={21}>
            <Text bold>{title}</Text>
            {rows.map((row) => (
              <Text key={row} inverse={row === selected} color="cyan">
                {`row ${row} with a few words of what was seen`}
              </Text>
            ))}
          </Box>
        ))}
      </Box>
    </Box>
  );
}

render(<Screen />, { alternateScreen: true, incrementalRendering: true, exitOnCtrlC: true });
