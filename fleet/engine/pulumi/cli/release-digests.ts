/**
 * SHA-256 of the archives of the pinned release, by platform, as `pulumi-v<version>-<platform>.tar.gz` is named. Where they are from, and what
 * could not be verified of them: docs/doctor.md. One that is wrong refuses the download, and the build from the pinned module follows.
 */
export const RELEASE_DIGESTS: Readonly<Record<string, string>> = {
  'linux-x64': '94ba357acac23d01474084c4b00098dc0f7bc70ce13f34c777459254a5f718e5',
  'linux-arm64': 'edc8327463a72160bb36cf82cf5062da9c8a244290a706d9980988e7bf486853',
  'darwin-x64': 'eaca4c3b8277bfa3ab061fa3b270d1c66358a0b2e613da8c5587a04b7226c534',
  'darwin-arm64': '57c27f179e527e2cf9f62b841a448af72a020e44b2fb4ee0d9bd85556c00c864',
};
