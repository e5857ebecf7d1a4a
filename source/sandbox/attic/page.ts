import type { Answer } from '../http/answer.ts';

/** What `GET /` shows: it proves that the process lives, and no more. */
export const landingPage: Answer = {
  status: 200,
  headers: { 'content-type': 'text/html; charset=utf-8' },
  body: `<!doctype html>
<html>
<head>
  <title>Attic Binary Cache</title>
  <style>
    .cursor {
      display: inline-block;
      background-color: black;
      animation-name: cursor;
      animation-duration: .8s;
      animation-iteration-count: infinite;
    }
    @keyframes cursor {
      0% { background-color: #ffffff; }
      20% { background-color: #555; }
      50% { background-color: #555; }
      60% { background-color: #ffffff; }
      100% { background-color: #ffffff; }
    }
  </style>
</head>
<body>
<pre>
┏━━━━━━━━━━━━━━━━┑
┃┏━━━ @ ━━━ @ ━━┓┃
┃┃              ┃┃
┃┃$ attic push <div class="cursor"> </div>┃┃
┃┃              ┃┃
┃┗━━━ ╰─────╯ ━━┛┃
┗━━━━━━━━━━━━━━━━┛
 ╲ ############### ╲
  ╲ ############### ╲
   ╲ ############### ╲
    ━━━━━━━━━━━━━━━━━━
</pre>
</body>
</html>
`,
};
