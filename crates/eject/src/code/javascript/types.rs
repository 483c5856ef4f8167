//! What has a type: clients that are given by it are never imported for their values.

use std::{collections::BTreeMap, sync::Arc};

use oxc_ast::ast::{
    TSImportTypeQualifier, TSSignature, TSType, TSTypeName, TSTypeQueryExprName, TSTypeReference,
};

use super::{
    binding::Shape,
    keep::keep,
    mention::leads,
    reading::Reading,
    thing::{Nature, Thing},
};

impl<'a> Reading<'a, '_> {
    /// What has a type.
    pub(super) fn type_of(&self, of: &'a TSType<'a>, deep: usize) -> Option<Arc<Thing>> {
        let deep = deep.checked_sub(1)?;
        match of {
            TSType::TSTypeReference(reference) => self.type_of_reference(reference, deep),
            TSType::TSTypeQuery(query) => match &query.expr_name {
                TSTypeQueryExprName::TSImportType(_) => None,
                other => self.type_name(other.as_ts_type_name()?),
            },
            TSType::TSImportType(import) => {
                let name = match import.qualifier.as_ref()? {
                    TSImportTypeQualifier::Identifier(name) => name.name.as_str(),
                    TSImportTypeQualifier::QualifiedName(name) => name.right.name.as_str(),
                };
                self.import(import.span.start, name)?.instance()
            }
            TSType::TSUnionType(union) => {
                union.types.iter().find_map(|one| self.type_of(one, deep))
            }
            TSType::TSIntersectionType(both) => {
                let mut all = both.types.iter().filter_map(|one| self.type_of(one, deep));
                let mut first = (*all.next()?).clone();
                all.for_each(|more| first.members.extend(more.members.clone()));
                Some(Arc::new(first))
            }
            TSType::TSParenthesizedType(inner) => self.type_of(&inner.type_annotation, deep),
            TSType::TSTypeOperatorType(operator) => self.type_of(&operator.type_annotation, deep),
            TSType::TSArrayType(list) => {
                Some(keep(Shape::List, self.type_of(&list.element_type, deep)?))
            }
            TSType::TSTypeLiteral(literal) => {
                let kept = literal.members.iter().find_map(|member| match member {
                    TSSignature::TSIndexSignature(index) => {
                        let held = self.type_of(&index.type_annotation.type_annotation, deep)?;
                        Some(keep(Shape::Map, held))
                    }
                    _ => None,
                });
                kept.or_else(|| holder(self.signatures(&literal.members, deep)).map(Arc::new))
            }
            TSType::TSFunctionType(function) => {
                let gives = self.type_of(&function.return_type.type_annotation, deep)?;
                let mut thing = gives.turned(Nature::Holder);
                thing.gives = Some(gives);
                Some(Arc::new(thing))
            }
            TSType::TSIndexedAccessType(access) => {
                let of = self.type_of(&access.object_type, deep)?;
                let TSType::TSLiteralType(literal) = &access.index_type else { return None };
                match &literal.literal {
                    oxc_ast::ast::TSLiteral::StringLiteral(name) => of.member(&name.value),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// The type of a name: of a package or of the module, or what TypeScript has for making one of another.
    fn type_of_reference(
        &self,
        reference: &'a TSTypeReference<'a>,
        deep: usize,
    ) -> Option<Arc<Thing>> {
        let first =
            reference.type_arguments.as_ref().and_then(|arguments| arguments.params.first());
        if let Some(thing) = self.type_name(&reference.type_name) {
            return thing.instance();
        }
        let TSTypeName::IdentifierReference(name) = &reference.type_name else {
            return None;
        };
        match name.name.as_str() {
            "ReturnType" => {
                let function = self.type_of(first?, deep)?;
                match &function.nature {
                    Nature::Foreign(_) => function.instance(),
                    _ => function.gives.clone(),
                }
            }
            "InstanceType" => {
                let class = self.type_of(first?, deep)?;
                class.instance().or_else(|| class.gives.clone())
            }
            "Promise" | "Awaited" | "Partial" | "Required" | "Readonly" | "Omit" | "Pick"
            | "NonNullable" | "Ref" | "MaybeRef" | "PromiseLike" | "Nullable" | "Maybe"
            | "Optional" | "Lazy" | "Type" | "WeakRef" | "ShallowRef" => self.type_of(first?, deep),
            "Array" | "ReadonlyArray" | "Set" | "ReadonlySet" => {
                Some(keep(Shape::List, self.type_of(first?, deep)?))
            }
            "Map" | "WeakMap" | "Record" | "ReadonlyMap" => {
                let arguments = reference.type_arguments.as_ref()?;
                let held = self.type_of(arguments.params.get(1)?, deep)?;
                Some(keep(Shape::Map, held))
            }
            _ => None,
        }
    }

    pub(super) fn type_name(&self, name: &TSTypeName<'a>) -> Option<Arc<Thing>> {
        match name {
            TSTypeName::IdentifierReference(name) => {
                self.things.get(&self.bindings.symbol(name)?).cloned()
            }
            TSTypeName::QualifiedName(qualified) => {
                self.type_name(&qualified.left)?.member(qualified.right.name.as_str())
            }
            TSTypeName::ThisExpression(_) => None,
        }
    }

    pub(super) fn signatures(
        &self,
        signatures: &'a [TSSignature<'a>],
        deep: usize,
    ) -> BTreeMap<Box<str>, Arc<Thing>> {
        let members = signatures.iter().filter_map(|signature| match signature {
            TSSignature::TSPropertySignature(property) => {
                let name = property.key.static_name()?;
                let of = &property.type_annotation.as_ref()?.type_annotation;
                Some((Box::from(&*name), self.type_of(of, deep)?))
            }
            TSSignature::TSMethodSignature(method) => {
                let name = method.key.static_name()?;
                let gives = self.type_of(&method.return_type.as_ref()?.type_annotation, deep)?;
                let mut thing = gives.turned(Nature::Holder);
                thing.gives = Some(gives);
                Some((Box::from(&*name), Arc::new(thing)))
            }
            _ => None,
        });
        members.collect()
    }
}

/// An object with these members; none if there are none.
pub(super) fn holder(members: BTreeMap<Box<str>, Arc<Thing>>) -> Option<Thing> {
    // The member that leads furthest tells the way.
    let telling = members.values().max_by_key(|member| u8::from(leads(member)))?;
    let mut holder = telling.turned(Nature::Holder);
    holder.is_given = members.values().all(|member| member.is_given);
    holder.members = members;
    Some(holder)
}
