# Building. Needs say.sh and packages.sh; runs in the repository's root.

# build_release: sets $coinvent to the release binary; coinvent-image, which reads images for it, is
# made beside it. Swift's own libraries are linked into it,
# so that it runs where no Swift is installed.
build_release() {
  step "Building coinvent in release mode (the first time takes some minutes)"
  local product
  for product in coinvent coinvent-image; do
    waiting swift build -c release --static-swift-stdlib --product "$product" ||
      fail "the release build failed." "Its messages are above."
  done
  coinvent=$root/.build/release/coinvent
  [[ -x $coinvent ]] || fail "the build made no $coinvent." "Remove .build and try again."
}
