// Stands in for packages that no test needs: jest-resolver.cjs.
