import { Box, Text } from 'ink';
import { render } from 'ink-testing-library';
import type { ReactNode } from 'react';
import { expect, test } from 'vitest';
import { createTheme } from '../../../views/theme.ts';
import { Boundary } from '../../../views/widgets/boundary.tsx';

const theme = createTheme({ env: { LANG: 'en_US.UTF-8', NO_COLOR: '1' } });

function Part({ fails }: { readonly fails: boolean }): ReactNode {
  if (fails) throw new Error('no row 7 with glpat-secret');
  return <Text>all is well</Text>;
}

function Both({ fails, attempt }: { readonly fails: boolean; readonly attempt: number }): ReactNode {
  return (
    <Box flexDirection="column">
      <Boundary
        title="Caches"
        size={{ columns: 60, rows: 8 }}
        theme={theme}
        redact={(text) => text.replace('glpat-secret', '[MASKED]')}
        attempt={attempt}
      >
        <Part fails={fails} />
      </Boundary>
      <Text>the neighbour</Text>
    </Box>
  );
}

test('a part that fails says what failed, redacted, and leaves its neighbours alone', () => {
  const { lastFrame, unmount } = render(<Both fails attempt={1} />);
  expect(lastFrame()).toContain('this part of the screen failed');
  expect(lastFrame()).toContain('no row 7 with [MASKED]');
  expect(lastFrame()).not.toContain('glpat-secret');
  expect(lastFrame()).toContain('the neighbour');
  unmount();
});

test('another attempt draws the part again', () => {
  const { lastFrame, rerender, unmount } = render(<Both fails attempt={1} />);
  rerender(<Both fails={false} attempt={1} />);
  expect(lastFrame()).toContain('this part of the screen failed');
  rerender(<Both fails={false} attempt={2} />);
  expect(lastFrame()).toContain('all is well');
  unmount();
});
