/** Signing, packaging and notarization, with the eleven variables of the group. */
export const macosPkg = `# Signs the macOS binary, makes the installer package and has Apple notarize it.
.macos:
  tags: [macos, arm64]
  rules:
    - if: $CI_COMMIT_TAG
    - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH
      when: manual
      allow_failure: true

sign:darwin-arm64:
  extends: .macos
  stage: sign
  needs:
    - binary:darwin-arm64
  variables:
    KEYCHAIN: huskycat-signing.keychain-db
  before_script:
    - KEYCHAIN_PASSWORD=$(openssl rand -hex 16)
    - echo "$APPLE_CERTIFICATE_BASE64" | base64 --decode > certificate.p12
    - echo "$APPLE_INSTALLER_CERTIFICATE_BASE64" | base64 --decode > installer.p12
    - echo "$APPLE_DEVELOPER_ID_CA_G2" | base64 --decode > DeveloperIDG2CA.cer
    - echo "$APPLE_WWDR_CA_G2" | base64 --decode > AppleWWDRCAG2.cer
    - security create-keychain -p "$KEYCHAIN_PASSWORD" "$KEYCHAIN"
    - security unlock-keychain -p "$KEYCHAIN_PASSWORD" "$KEYCHAIN"
    - security import certificate.p12 -k "$KEYCHAIN" -P "$APPLE_CERTIFICATE_PASSWORD" -T /usr/bin/codesign
    - security import installer.p12 -k "$KEYCHAIN" -P "$APPLE_INSTALLER_CERTIFICATE_PASSWORD" -T /usr/bin/productsign
    - |
      for authority in DeveloperIDG2CA.cer AppleWWDRCAG2.cer; do
        if [ -s "$authority" ]; then security import "$authority" -k "$KEYCHAIN" -T /usr/bin/codesign; fi
      done
    - 'security set-key-partition-list -S apple-tool:,apple:,codesign: -s -k "$KEYCHAIN_PASSWORD" "$KEYCHAIN"'
    - security list-keychains -d user -s "$KEYCHAIN" login.keychain-db
  script:
    - codesign --force --timestamp --options runtime --sign "$APPLE_DEVELOPER_ID_APPLICATION" dist/bin/darwin-arm64/huskycat
    - codesign --verify --strict --verbose=2 dist/bin/darwin-arm64/huskycat
    - codesign --display --verbose=2 dist/bin/darwin-arm64/huskycat 2>&1 | grep "TeamIdentifier=$APPLE_TEAM_ID"
    - mkdir -p dist/pkg/root/usr/local/bin && cp dist/bin/darwin-arm64/huskycat dist/pkg/root/usr/local/bin/
    - pkgbuild --root dist/pkg/root --identifier dev.tinyland.huskycat --version "$CI_COMMIT_REF_SLUG" dist/pkg/unsigned.pkg
    - productsign --sign "$APPLE_DEVELOPER_ID_INSTALLER" dist/pkg/unsigned.pkg dist/pkg/huskycat-darwin-arm64.pkg
  after_script:
    - security delete-keychain huskycat-signing.keychain-db || true
    - rm -f certificate.p12 installer.p12
  artifacts:
    expire_in: 1 week
    paths:
      - dist/pkg/huskycat-darwin-arm64.pkg

notarize:darwin-arm64:
  extends: .macos
  stage: sign
  needs:
    - sign:darwin-arm64
  script:
    - |
      if [ -z "$APPLE_ID" ]; then
        echo "APPLE_ID not set, skipping notarization"
        exit 0
      fi
    - |
      xcrun notarytool submit dist/pkg/huskycat-darwin-arm64.pkg --wait \\
        --apple-id "$APPLE_ID" --password "$APPLE_NOTARIZE_PASSWORD" --team-id "$APPLE_TEAM_ID"
    - xcrun stapler staple dist/pkg/huskycat-darwin-arm64.pkg
  artifacts:
    expire_in: 30 days
    paths:
      - dist/pkg/huskycat-darwin-arm64.pkg
`;
