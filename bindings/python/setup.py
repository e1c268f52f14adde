"""The wheel holds libassay, so it is of one platform, and of every CPython: nothing in it is compiled against one."""

import os

from setuptools import setup
from setuptools.dist import Distribution

try:
    from setuptools.command.bdist_wheel import bdist_wheel
except ImportError:
    from wheel.bdist_wheel import bdist_wheel


class Wheel(bdist_wheel):
    def get_tag(self):
        _, _, platform = super().get_tag()
        return "py3", "none", platform


class Native(Distribution):
    def has_ext_modules(self):
        return True


# scripts/wheel passes the version of Sources/Assay/Assay.swift.
setup(version=os.environ.get("ASSAY_VERSION", "0"), distclass=Native, cmdclass={"bdist_wheel": Wheel})
