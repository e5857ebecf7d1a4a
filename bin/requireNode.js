const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

// Imported before anything that an older Node cannot run.
if (major < 22 || (major === 22 && minor < 12)) {
  process.stderr.write(
    `huskycat-tui needs Node 22.12 or newer; this is ${process.versions.node}.\n` +
      '  Install a newer Node: https://nodejs.org\n' +
      '  Or, in a checkout, let npm bring the Node of the project: npm ci && npm start\n' +
      '  Where npm does not run install scripts: npm rebuild --ignore-scripts=false node && npm start\n',
  );
  process.exit(2);
}
