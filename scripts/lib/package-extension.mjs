import { createWriteStream, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import * as esbuild from 'esbuild';
import yazl from 'yazl';
import { ROOT } from './root.mjs';

const SOURCE = join(ROOT, 'editors', 'vscode');
/** Files of the extension as they are. */
const COPIED = ['package.json', 'README.md', 'language-configuration.json', 'syntaxes/vmc.tmLanguage.json'];
/** The same bytes whenever it is built. */
const BUILT_AT = new Date(Date.UTC(2020, 0, 1));

/**
 * `dist`/vmc-vscode.vsix: what `code --install-extension` takes. A VSIX is a zip of the extension's folder with a manifest in
 * XML (the Open Packaging Conventions); Microsoft's own packager brings the clients of its marketplace with it.
 */
export async function packageExtension(dist) {
  if (!existsSync(SOURCE)) return;
  const manifest = JSON.parse(readFileSync(join(SOURCE, 'package.json'), 'utf8'));
  const zip = new yazl.ZipFile();
  const add = (path, content) => zip.addBuffer(Buffer.from(content), path, { mtime: BUILT_AT });
  add('[Content_Types].xml', CONTENT_TYPES);
  add('extension.vsixmanifest', vsixManifest(manifest));
  for (const file of COPIED) add(`extension/${file}`, readFileSync(join(SOURCE, file)));
  add('extension/dist/extension.cjs', await bundleClient());
  zip.end();
  mkdirSync(dist, { recursive: true });
  await pipeline(zip.outputStream, createWriteStream(join(dist, 'vmc-vscode.vsix')));
}

async function bundleClient() {
  const { outputFiles } = await esbuild.build({
    absWorkingDir: ROOT,
    entryPoints: [join(SOURCE, 'src', 'extension.ts')],
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    minify: true,
    legalComments: 'none',
    external: ['vscode'],
    write: false,
    logLevel: 'warning',
  });
  return outputFiles[0].contents;
}

const CONTENT_TYPES = `<?xml version="1.0" encoding="utf-8"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
  <Default Extension="cjs" ContentType="application/javascript"/>
  <Default Extension="json" ContentType="application/json"/>
  <Default Extension="md" ContentType="text/markdown"/>
  <Default Extension="vsixmanifest" ContentType="text/xml"/>
</Types>
`;

function vsixManifest({
  name,
  displayName,
  description,
  version,
  publisher,
  categories,
  engines,
  contributes,
}) {
  const tags = contributes.languages.flatMap(({ id, extensions }) => [
    id,
    ...extensions.map((extension) => `__ext_${extension.slice(1)}`),
  ]);
  return `<?xml version="1.0" encoding="utf-8"?>
<PackageManifest Version="2.0.0" xmlns="http://schemas.microsoft.com/developer/vsx-schema/2011">
  <Metadata>
    <Identity Language="en-US" Id="${name}" Version="${version}" Publisher="${publisher}"/>
    <DisplayName>${escaped(displayName)}</DisplayName>
    <Description xml:space="preserve">${escaped(description)}</Description>
    <Tags>${escaped(tags.join(','))}</Tags>
    <Categories>${escaped(categories.join(','))}</Categories>
    <GalleryFlags>Public</GalleryFlags>
    <Properties>
      <Property Id="Microsoft.VisualStudio.Code.Engine" Value="${escaped(engines.vscode)}"/>
      <Property Id="Microsoft.VisualStudio.Code.ExtensionDependencies" Value=""/>
      <Property Id="Microsoft.VisualStudio.Code.ExtensionPack" Value=""/>
      <Property Id="Microsoft.VisualStudio.Code.ExtensionKind" Value="workspace"/>
    </Properties>
  </Metadata>
  <Installation>
    <InstallationTarget Id="Microsoft.VisualStudio.Code"/>
  </Installation>
  <Dependencies/>
  <Assets>
    <Asset Type="Microsoft.VisualStudio.Code.Manifest" Path="extension/package.json" Addressable="true"/>
    <Asset Type="Microsoft.VisualStudio.Services.Content.Details" Path="extension/README.md" Addressable="true"/>
  </Assets>
</PackageManifest>
`;
}

const ENTITIES = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text) => text.replace(/[&<>"]/g, (character) => ENTITIES[character]);
