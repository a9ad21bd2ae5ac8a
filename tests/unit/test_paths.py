"""The path tree: static wins, method by method; segments are decoded after the split."""

import pytest

from troth.request.paths import BadPath, PathTree, split, unknown_path


def tree(*templates: str, method: str = "GET", integers: frozenset[str] = frozenset()) -> PathTree[str]:
    made: PathTree[str] = PathTree()
    for template in templates:
        made.add(method, template, template, integers)
    return made


def find(made: PathTree[str], path: bytes, method: str = "GET"):
    return made.find(method, split(path))


def test_a_fixed_segment_wins_over_a_parameter_in_any_order() -> None:
    for templates in (("/a/{id}", "/a/me"), ("/a/me", "/a/{id}")):
        made = tree(*templates)
        assert find(made, b"/a/me") == ("/a/me", {})
        assert find(made, b"/a/you") == ("/a/{id}", {"id": "you"})


def test_static_wins_only_where_it_has_the_method() -> None:
    made = tree("/a/me")
    made.add("DELETE", "/a/{id}", "delete")
    assert find(made, b"/a/me", "DELETE") == ("delete", {"id": "me"})


def test_a_fixed_way_that_ends_nowhere_is_left_again() -> None:
    made = tree("/a/me/x", "/a/{id}/y", "/{all}/me/z")
    assert find(made, b"/a/me/y") == ("/a/{id}/y", {"id": "me"})
    assert find(made, b"/a/me/z") == ("/{all}/me/z", {"all": "a"})
    assert find(made, b"/a/me/w") is None


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (b"/a/x%2Fy", "x/y"),
        (b"/a/%2F", "/"),
        (b"/a/%C3%A9", "é"),
        (b"/a/a+b", "a+b"),
        (b"/a/%25", "%"),
        (b"/a/%zz", "%zz"),
        (b"/a/https%3A%2F%2Fe.example%2F%3Fa%3D1", "https://e.example/?a=1"),
    ],
)
def test_a_parameter_is_decoded_once_after_the_split(path: bytes, value: str) -> None:
    assert find(tree("/a/{id}"), path) == ("/a/{id}", {"id": value})


def test_an_encoded_fixed_segment_is_the_same_segment() -> None:
    assert find(tree("/a/me", "/a/{id}"), b"/a/m%65") == ("/a/me", {})


@pytest.mark.parametrize("path", [b"/a/%E9", b"/a/%C3", b"/a/%ED%A0%80", b"/a/\xe9"])
def test_bytes_that_are_not_utf8_are_refused(path: bytes) -> None:
    with pytest.raises(BadPath):
        split(path)


@pytest.mark.parametrize("path", [b"/a/", b"/a", b"/", b"//a/b", b"/a/b/", b"/a//", b"/a//b"])
def test_a_parameter_is_never_empty_and_slashes_count(path: bytes) -> None:
    assert find(tree("/a/{id}"), path) is None
    assert tree("/a/{id}").methods(split(path)) == []


def test_prefix_and_suffix_templates() -> None:
    made = tree("/f/{name}.json", "/f/v{version}", "/f/{any}")
    assert find(made, b"/f/a.b.json") == ("/f/{name}.json", {"name": "a.b"})
    assert find(made, b"/f/v2") == ("/f/v{version}", {"version": "2"})
    assert find(made, b"/f/.json") == ("/f/{any}", {"any": ".json"})
    assert find(made, b"/f/axjson") == ("/f/{any}", {"any": "axjson"})


def test_an_integer_parameter_matches_digits_only() -> None:
    made = tree("/n/{n}", integers=frozenset({"n"}))
    assert find(made, b"/n/-12") == ("/n/{n}", {"n": "-12"})
    for wrong in (b"/n/x", b"/n/1.0", b"/n/+1", b"/n/1_0", "/n/٥".encode(), b"/n/1%0A"):
        assert find(made, wrong) is None


def test_two_parameters_in_one_segment_stop_the_start() -> None:
    with pytest.raises(ValueError, match="one parameter"):
        tree("/a/{x}.{y}")


def test_the_methods_of_a_path_are_those_of_the_most_specific_template() -> None:
    made = tree("/a/me")
    made.add("DELETE", "/a/{id}", "delete")
    made.add("PUT", "/a/{id}", "put")
    assert made.methods(["a", "me"]) == ["GET", "HEAD"]
    assert made.methods(["a", "you"]) == ["DELETE", "PUT"]
    assert made.methods(["b"]) == []


def test_the_way_to_a_leaf_does_not_depend_on_how_many_there_are() -> None:
    """Each segment of a path costs one look into one dictionary, however many siblings there are."""

    class Counting(dict):
        looks = 0

        def get(self, *arguments):
            Counting.looks += 1
            return super().get(*arguments)

    costs = []
    for count in (10, 250):
        made = tree(*(f"/group{n}/{{id}}/leaf{n}" for n in range(count)))
        nodes = [made._root]
        while nodes:
            node = nodes.pop()
            node.fixed = Counting(node.fixed)
            nodes += [*node.fixed.values(), *([node.parameter] if node.parameter else [])]
        Counting.looks = 0
        assert find(made, b"/group5/x/leaf5") is not None
        costs.append(Counting.looks)
    assert costs[0] == costs[1] == 3


@pytest.mark.parametrize(
    ("path", "is_hinted"), [(b"/a/b/", True), (b"/a/b//", False), (b"/a/c/", False), (b"/", False), (b"/a/c", False)]
)
def test_a_slash_too_many_is_said(path: bytes, is_hinted: bool) -> None:
    refusal = unknown_path(tree("/a/b"), split(path))
    assert ("without the slash at its end" in refusal.message) is is_hinted
