#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-only
# The Debian package and the archive of the sources, as `make deb` and `make dist` have made them: in a root tree that holds
# nothing besides but a shell and libraries.
# shellcheck disable=SC2030,SC2031,SC2154 # each test is a shell of its own; output and status are of run
load lib/common

setup() {
	PATH=$PATH:/usr/sbin:/sbin
	root=$BATS_TEST_TMPDIR/root
	package=${VPCLAB_BUILD:-build}/vpclab.deb
}

# put PROGRAM...: with the libraries that they are linked to
put() {
	local program
	for program in "$@"; do
		program=$(type -P "$program")
		# shellcheck disable=SC2046 # paths have no blanks
		cp --parents -Lu "$program" $(ldd "$program" | grep -o '/[^ ]*') "$root"
	done
}

bare_root() {
	mkdir -p "$root"/{dev,etc,home,mnt,proc,run,sys,tmp,usr/{bin,sbin,lib,lib64,share}} "$root"/var/lib/dpkg/{info,updates}
	ln -s usr/bin usr/sbin usr/lib usr/lib64 "$root"
	: >"$root/var/lib/dpkg/status"
	echo 'root:x:0:0:root:/root:/bin/sh' >"$root/etc/passwd"
	touch "$root"/dev/{null,zero,full,random,urandom,tty}
	put sh umount cp rm ip curl "$VPCLAB" "${VPCLAB_BUILD:-build}/vpclab-service"
	rm -rf "${root:?}/$VPCLAB" # only its libraries were wanted
}

as_root() { unshare --user --map-root-user --mount --pid --fork --mount-proc "$@"; }

on_package() { as_root dpkg --root="$root" --force-depends,unsafe-io --log=/dev/null "$@"; }

# in_root COMMAND...: with that tree as /, which a program cannot tell from a machine's own
in_root() {
	# shellcheck disable=SC2016 # the inner shell's own
	as_root sh -ec 'cd "$1"; shift
		mount --bind . .; cd "$PWD"
		mount -t proc proc proc
		for device in dev/*; do mount --bind "/$device" "$device"; done
		pivot_root . mnt
		umount -l /mnt
		unset XDG_RUNTIME_DIR; HOME=/home exec "$@"' sh "$root" "$@"
}

@test "installed, run and removed in a bare root tree: nothing is missing, and nothing stays" {
	bare_root
	(cd "$root" && find . -not -type d | sort) >"$BATS_TEST_TMPDIR/before"
	run on_package --install "$package"
	[ "$status" -eq 0 ] || { echo "$output"; false; }
	# Neither proc's switch nor an AppArmor is there: no profile.
	[ ! -e "$root/etc/apparmor.d/vpclab" ]
	run in_root vpclab run /usr/share/vpclab/topologies/nat-overview.lab
	[ "$status" -eq 0 ] || { echo "$output"; false; }
	run in_root vpclab learn
	[[ $output == *nat-overview* ]]
	run on_package --remove vpclab
	[ "$status" -eq 0 ] || { echo "$output"; false; }
	(cd "$root" && find . -not -type d | sort | grep -v /var/lib/dpkg/) | diff <(grep -v /var/lib/dpkg/ "$BATS_TEST_TMPDIR/before") -
}

@test "where AppArmor restricts user namespaces the package brings its profile, and takes it along" {
	bare_root
	mkdir -p "$root/proc/sys/kernel" "$root/etc/apparmor.d"
	echo 1 >"$root/proc/sys/kernel/apparmor_restrict_unprivileged_userns"
	# shellcheck disable=SC2016 # the stand-in's own
	printf '#!/bin/sh\necho "$*" >>/asked\n' >"$root/usr/sbin/apparmor_parser"
	chmod +x "$root/usr/sbin/apparmor_parser"
	on_package --install "$package"
	grep -q 'profile vpclab /usr/{,local/}bin/vpclab flags=(unconfined)' "$root/etc/apparmor.d/vpclab"
	on_package --remove vpclab
	[ ! -e "$root/etc/apparmor.d/vpclab" ]
	[ "$(cat "$root/asked")" = '--replace /etc/apparmor.d/vpclab
--remove /etc/apparmor.d/vpclab' ]
}

@test "the package has the program's version, what it depends on, its manual, completions and topologies" {
	[ "vpclab $(dpkg-deb -f "$package" Version)" = "$("$VPCLAB" --version)" ]
	[ "$(dpkg-deb -f "$package" Version)" = "$(grep -m 1 -o '^## [0-9.]*' NEWS.md | cut -c 4-)" ]
	[[ $(dpkg-deb -f "$package" Maintainer) == ?*' <'?*@?*'>' ]]
	[[ $(dpkg-deb -f "$package" Depends) == *libmicrohttpd*iproute2* ]]
	dpkg-deb -c "$package" | awk '{ print $2, $6 }' >"$BATS_TEST_TMPDIR/files"
	for file in bin/vpclab bin/vpclab-service share/man/man1/vpclab.1.gz share/bash-completion/completions/vpclab \
		share/zsh/vendor-completions/_vpclab share/fish/vendor_completions.d/vpclab.fish \
		share/vpclab/topologies/two-nat-gateways.lab; do
		grep -q "^root/root ./usr/$file\$" "$BATS_TEST_TMPDIR/files" || { echo "$file"; false; }
	done
}

@test "the archive of the sources is what its sum says, and makes the same program" {
	archive=$(realpath "${VPCLAB_BUILD:-build}/vpclab-$("$VPCLAB" --version | cut -d " " -f 2).tar.gz")
	(cd "$(dirname "$archive")" && sha256sum --check --quiet "$archive.sha256")
	tar -xzf "$archive" -C "$BATS_TEST_TMPDIR"
	cd "$BATS_TEST_TMPDIR/$(basename "$archive" .tar.gz)"
	[ -s LICENSE ] && [ -x tests/run ] && [ ! -e build ]
	make --dry-run install DESTDIR=/nowhere | grep -q /nowhere/usr/local/bin/vpclab
}

@test "make says what it installs, and installs nothing when all is there" {
	mkdir "$BATS_TEST_TMPDIR/bin"
	# shellcheck disable=SC2016 # the stand-in's own
	printf '#!/bin/sh\necho "$@" >>"%s"\n' "$BATS_TEST_TMPDIR/asked" >"$BATS_TEST_TMPDIR/bin/apt-get"
	chmod +x "$BATS_TEST_TMPDIR/bin/apt-get"
	PATH=$BATS_TEST_TMPDIR/bin:$PATH
	run -0 tests/lib/need-packages dash coreutils
	[ -z "$output" ] && [ ! -e "$BATS_TEST_TMPDIR/asked" ]
	if [ "$(id -u)" -eq 0 ]; then
		run -0 tests/lib/need-packages dash no-such-package
		[ "$output" = 'installing: no-such-package' ]
		[[ $(tail -1 "$BATS_TEST_TMPDIR/asked") == install*' no-such-package' ]]
	else
		run -3 tests/lib/need-packages dash no-such-package
		[[ $output == *'sudo apt-get update && sudo apt-get install no-such-package' ]]
	fi
}

# yaml FILE EXPRESSION: what an expression of Python makes of the document
yaml() {
	python3 -c 'import sys, yaml; print(eval(sys.argv[2], {"document": yaml.safe_load(open(sys.argv[1]))}))' "$@"
}

# The tree of topologies that the steps below are to check, and the program where a shell finds it.
networks() {
	cd "$BATS_TEST_TMPDIR" || return
	mkdir -p bin nets/a
	ln -sf "$(realpath "$OLDPWD/$VPCLAB")" bin/vpclab
	PATH=$PWD/bin:$PATH
	printf 'vpc create VPC1 cidr 10.0.0.0/16\nvswitch create V1 vpc VPC1 cidr 10.0.1.0/24\necs create E1 vswitch V1\nexpect ok E1 true\n' |
		tee nets/good.lab >nets/a/good.lab
	echo 'vpc create VPC1 cidr 10.0.0.0/99' >nets/bad.lab
}

@test "the steps of the GitHub action do what they say" {
	action=$PWD/packaging/github/action.yml
	[ "$(yaml "$action" 'document["runs"]["using"], {step["shell"] for step in document["runs"]["steps"]}')" = "('composite', {'bash'})" ]
	for step in 0 1 2; do
		yaml "$action" "document['runs']['steps'][$step]['run']" >"$BATS_TEST_TMPDIR/step$step"
		shellcheck -s bash "$BATS_TEST_TMPDIR/step$step"
	done
	networks
	export COMMAND=run JUNIT='a b.xml'
	FILES='nets/**/good.lab' run bash -e step2
	[ "$status" -eq 0 ] || { echo "$output"; false; }
	[ "$(grep -c '<testsuite ' 'a b.xml')" -eq 2 ]
	[[ $output == *"2 passed, 0 failed"* ]]
	FILES='nets/*.lab' COMMAND=validate JUNIT='' run bash -e step2
	[ "$status" -eq 2 ]
	[[ $output == *'::error file=nets/bad.lab,line=1,col=22,endColumn=33,'* ]]
	FILES='no/*.lab' run bash -e step2
	[ "$status" -eq 2 ]
	[[ $output == '::error::no topology file'* ]]
}

@test "the steps of the Terraform review compare, comment and judge" {
	action=$PWD/packaging/terraform-review/action.yml
	for step in 1 2 3; do
		yaml "$action" "document['runs']['steps'][$step]['run']" >"$BATS_TEST_TMPDIR/step$step"
		shellcheck -s bash -e SC2016 "$BATS_TEST_TMPDIR/step$step"
	done
	networks
	export RUNNER_TEMP=$PWD GITHUB_STEP_SUMMARY=$PWD/summary BEFORE=nets/good.lab AFTER=nets/open.lab PULL=https://pull
	{
		cat nets/good.lab
		printf 'nat create N1 vpc VPC1 vswitch V1\neip create X1\neip associate X1 nat N1\nsnat create s1 nat N1 source vswitch V1 eip X1\n'
	} >nets/open.lab
	bash -e step1
	cmp review.md summary
	grep -q 's1' review.md
	# shellcheck disable=SC2016 # the stand-in's own
	printf '#!/bin/sh\necho "$@"\n' >bin/gh
	chmod +x bin/gh
	[[ $(bash -e step2) == "pr comment https://pull --edit-last --body-file $PWD/review.md" ]]
	FAIL_ON='closed cut' run -0 bash -e step3
	FAIL_ON='closed opened' run -1 bash -e step3
	[[ $output == '::error::'*' are opened by this plan' ]]
	AFTER=nets/bad.lab run -2 bash -e step1
}

@test "the job for GitLab and the hook for pre-commit check the files" {
	job=$PWD/packaging/gitlab/vpclab.gitlab-ci.yml hook=$PWD/packaging/pre-commit-hooks.yaml
	networks
	cd nets/a
	bash -ec "$(yaml "$job" '"\n".join(document["vpclab"]["script"])')"
	[ -s "$(yaml "$job" 'document["vpclab"]["artifacts"]["reports"]["junit"]')" ]
	entry=$(yaml "$hook" 'document[0]["entry"]')
	bash -ec "$entry good.lab"
	run -2 bash -c "$entry ../bad.lab"
	[[ ../bad.lab =~ $(yaml "$hook" 'document[0]["files"]') ]]
}

@test "editors: every command, key and example of the table is coloured, in VS Code's grammar and in Vim's" {
	packaging/editors/generate "$VPCLAB" "$BATS_TEST_TMPDIR"
	"$VPCLAB" manual | sed -n '/^\.SH COMMANDS/,/^\.SH [^C]/ { s/\\-/-/g; p }' >"$BATS_TEST_TMPDIR/manual"
	cd "$BATS_TEST_TMPDIR"
	python3 - vscode/vpclab.tmLanguage.json vim/syntax/vpclab.vim manual <<-'EOP'
		import json, re, sys
		grammar, vim, manual = (open(file).read() for file in sys.argv[1:])
		rules = [(re.compile(rule["match"]), rule) for rule in json.loads(grammar)["patterns"]]

		def colours(line):
		    "What an editor does: the earliest match, the first rule among equals, and on behind it."
		    scopes, at = [""] * len(line), 0
		    while True:
		        found = [(match.start(), i, match) for i, (pattern, rule) in enumerate(rules)
		                 if (match := pattern.search(line, at)) and match.end() > at]
		        if not found:
		            return scopes
		        start, i, match = min(found)
		        for group, capture in rules[i][1].get("captures", {"0": rules[i][1]}).items():
		            for k in range(*match.span(int(group))):
		                scopes[k] = capture["name"]
		        at = match.end()

		rows = re.findall(r"^\.B (.*)", manual, re.M)
		examples = re.findall(r"^\.EX\n(.*)", manual, re.M)
		assert len(rows) > 100 and len(examples) > 80, (len(rows), len(examples))
		wrong = []
		for row in rows:
		    words = re.match(r"[a-z][a-z0-9-]*(?: [a-z][a-z-]*)?", row).group()
		    if not all(scope.startswith("keyword") for scope, c in zip(colours(words), words) if c != " "):
		        wrong.append(words)
		    if not re.search(rf"^syntax match vpclabCommand .*\\zs{words.split()[0]}\\", vim, re.M):
		        wrong.append("vim: " + words)
		    for key in re.findall(r"(?<![\w-])[a-z][a-z0-9-]*(?![\w-])", row[len(words):]):
		        if colours("x " + key)[2] != "variable.parameter.vpclab" or not re.search(rf"vpclabKey .*\b{key}\b", vim):
		            wrong.append(key)
		for line in examples:
		    if line.split()[0] + " " in " ".join(rows) and not colours(line)[0].startswith("keyword"):
		        wrong.append(line)
		line = "sg allow SG1 in tcp 80-90 from 10.0.0.0/8 '$quoted' $EIP1 # said"
		got = [colours(line)[line.index(word)].split(".")[0] for word in ("sg", "allow", "SG1", "tcp", "80", "10", "'", "$E", "#")]
		if got != ["keyword", "keyword", "", "variable", "constant", "constant", "string", "variable", "comment"]:
		    wrong.append(got)
		if colours("ECS1 curl")[0] != "entity.name.function.node.vpclab":
		    wrong.append("a node")
		print(*wrong, sep="\n")
		sys.exit(bool(wrong))
	EOP
}
