bats_require_minimum_version 1.5.0
VPCLAB=${VPCLAB_BUILD:-build}/vpclab
# A registry of labs for each test: no name is taken, and no `down --all` reaches a lab that is not the test's own.
export XDG_RUNTIME_DIR=$BATS_TEST_TMPDIR
