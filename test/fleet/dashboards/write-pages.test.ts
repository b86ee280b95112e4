import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { markup } from '../../../fleet/dashboards/html';
import { pageHtml } from '../../../fleet/dashboards/page-html';
import { openPageFolder } from '../../../fleet/dashboards/write-pages';

const text = (title: string) => pageHtml({ title, root: '', links: [], about: [], content: markup``, foot: markup`` });

describe('writing pages', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'fleet-pages-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test('makes the folder, replaces its own pages, and tells those that an earlier run left', () => {
    const directory = join(folder, 'deep', 'pages');
    openPageFolder(directory, []).write({ path: 'old.html', text: text('old') });
    openPageFolder(directory, []).write({ path: 'index.html', text: text('first') });
    const again = openPageFolder(directory, ['index.html']);
    again.write({ path: 'index.html', text: text('second') });
    again.write({ path: 'runbooks/a.html', text: text('a') });
    expect(readFileSync(join(directory, 'index.html'), 'utf8')).toContain('<title>second</title>');
    expect(again.left()).toEqual(['old.html']);
    expect(readdirSync(directory).sort()).toEqual(['index.html', 'old.html', 'runbooks']);
  });

  test('never overwrites a file or a link of others, and leaves the rest of the folder alone', () => {
    writeFileSync(join(folder, 'index.html'), 'mine');
    expect(() => openPageFolder(folder, ['index.html'])).toThrow('index.html is there already and was not written by this command');
    symlinkSync('/etc/hostname', join(folder, 'link.html'));
    expect(() => openPageFolder(folder, []).write({ path: 'link.html', text: text('x') })).toThrow('link.html is there already');
    expect(readFileSync(join(folder, 'index.html'), 'utf8')).toBe('mine');
  });

  test('refuses a file in place of a folder, and one below a file', () => {
    writeFileSync(join(folder, 'file'), '');
    expect(() => openPageFolder(join(folder, 'file'), [])).toThrow('is a file: name a folder');
    expect(() => openPageFolder(join(folder, 'file', 'below'), [])).toThrow('cannot be written to');
    mkdirSync(join(folder, 'page.html'));
    expect(() => openPageFolder(folder, ['page.html'])).toThrow('page.html is there already');
  });
});
