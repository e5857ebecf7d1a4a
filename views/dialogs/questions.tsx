import type { ReactNode } from 'react';
import type { Pending, Questions } from '../state/ask.ts';
import { useSlice } from '../state/store.ts';
import type { Size } from '../text/size.ts';
import { ChoiceDialog } from './choice.tsx';
import { ConfirmDialog } from './confirm.tsx';
import { TextDialog } from './text.tsx';

/** The question that waits longest, over everything else. */
export function QuestionDialog({
  questions,
  screen,
}: {
  readonly questions: Questions;
  readonly screen: Size;
}): ReactNode {
  const pending = useSlice(questions.store, (state) => state.pending[0]);
  return pending === undefined ? null : <One key={pending.id} pending={pending} screen={screen} />;
}

function One({ pending, screen }: { readonly pending: Pending; readonly screen: Size }): ReactNode {
  const { question, settle } = pending;
  switch (question.kind) {
    case 'confirm':
      return <ConfirmDialog question={question} settle={settle} screen={screen} />;
    case 'secret':
      return <TextDialog question={question} isSecret settle={settle} screen={screen} />;
    case 'text':
      return <TextDialog question={question} isSecret={false} settle={settle} screen={screen} />;
    case 'choice':
      return <ChoiceDialog question={question} settle={settle} screen={screen} />;
    case 'host-key': {
      const { host, type, fingerprint, file, otherTypes } = question.key;
      const lines = [
        otherTypes.length === 0
          ? `${host} is not in known_hosts.`
          : `${host}: known_hosts has it with another key: ${otherTypes.join(', ')}. The same server would rather show that one.`,
        `${type} ${fingerprint}`,
        'Compare it with what the host itself shows: ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub',
        `If you accept, a line is added to ${file}.`,
      ];
      const confirm = { kind: 'confirm' as const, title: 'Trust this host key?', lines };
      return <ConfirmDialog question={confirm} settle={settle} screen={screen} />;
    }
  }
}
